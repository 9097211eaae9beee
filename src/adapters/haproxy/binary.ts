import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { fail } from '#core/errors.ts';

const run = promisify(execFile);

/** Debian keeps servers out of the PATH of ordinary users. */
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Where HAProxy is installed. @throws PROXY_NOT_INSTALLED */
export function findProxy(path = process.env.PATH ?? '', usual: readonly string[] = usualFolders): string {
  const found = [...path.split(delimiter), ...usual]
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'haproxy'))
    .find(isProgram);
  if (found === undefined) throw fail('PROXY_NOT_INSTALLED', {});
  return found;
}

/**
 * Can this HAProxy do what Timonel needs: version 2.6, Lua for holds, OpenSSL for HTTPS?
 *
 * @throws PROXY_UNSUITABLE
 */
export async function requireSuitable(binary: string): Promise<void> {
  const { stdout } = await run(binary, ['-vv'], { timeout: 10_000 });
  const version = /version (\d+\.\d+)[^\s]*/.exec(stdout);
  const [major = 0, minor = 0] = (version?.[1] ?? '0.0').split('.').map(Number);
  const missing = [
    ...(major > 2 || (major === 2 && minor >= 6) ? [] : ['what came with version 2.6']),
    ...(/\bUSE_LUA=1|\+LUA\b/.test(stdout) ? [] : ['Lua']),
    ...(/\bUSE_OPENSSL=1|\+OPENSSL\b/.test(stdout) ? [] : ['OpenSSL']),
  ];
  if (missing.length > 0) {
    throw fail('PROXY_UNSUITABLE', { version: version?.[0] ?? '', missing: missing.join(', ') });
  }
}

/** Has HAProxy check a configuration file and end. */
export function checkArguments(config: string): string[] {
  return ['-c', '-W', '-f', config];
}

/** A check takes a tenth of a second, with a thousand services half a second; milliseconds. */
export const checkLimitMs = 30_000;

/** The first line of the proxy's log that says what went wrong. */
export function firstAlert(log: string): string | undefined {
  return /^\[ALERT\]\s*(?:\(\d+\) : )?(.*)$/m.exec(log)?.[1]?.trim();
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
