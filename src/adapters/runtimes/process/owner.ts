import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from '#core/errors.ts';
import { readJson } from './atomic-file.ts';
import type { Home } from './home.ts';
import { bootId, identify, isAlive } from './identity.ts';

/**
 * One runtime at a time works on a home: two would both read the same output and write it twice. The claim dies with
 * its process, so nothing is left to clear after a kill -9.
 *
 * @returns the way to give the home back
 * @throws RUNTIME_HOME_IN_USE naming the holder
 */
export function claimHome(home: Home): () => void {
  const path = join(home.process, 'owner.json');
  const nonce = randomUUID();
  const draft = `${path}.${nonce}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(draft, JSON.stringify({ ...identify(process.pid), nonce }), { mode: 0o600 });
  try {
    linkSync(draft, path);
    rmSync(draft, { force: true });
  } catch {
    const holder = holderOf(path);
    if (holder !== undefined) {
      rmSync(draft, { force: true });
      throw fail('RUNTIME_HOME_IN_USE', { home: home.root, pid: holder });
    }
    renameSync(draft, path);
  }
  return () => {
    if (readJson(path)?.nonce === nonce) rmSync(path, { force: true });
  };
}

function holderOf(path: string): number | undefined {
  const { pid, start, boot = bootId() } = readJson(path) ?? {};
  if (typeof pid !== 'number' || typeof start !== 'string' || typeof boot !== 'string') return undefined;
  return isAlive({ pid, start, boot }) ? pid : undefined;
}
