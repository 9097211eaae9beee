import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Asked by the launcher when package-lock.json changed or was never seen: exit code 0 when node_modules already holds
 * what the lock names, so that an `npm ci` done by hand is not done again. It imports no package, since there may be none.
 */

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
}

function readLock(path: string): Readonly<Record<string, Locked>> {
  return (JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Locked> }).packages;
}

function packagesMatch(root: string): boolean {
  const wanted = readLock(join(root, 'package-lock.json'));
  const present = readLock(join(root, 'node_modules/.package-lock.json'));
  return Object.entries(wanted).every(([path, locked]) => {
    if (!path.includes('node_modules/') || locked.optional === true) return true;
    const found = present[path];
    return found !== undefined && found.version === locked.version && found.integrity === locked.integrity;
  });
}

try {
  process.exitCode = packagesMatch(process.argv[2] ?? '.') ? 0 : 1;
} catch {
  process.exitCode = 1;
}
