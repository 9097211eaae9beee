import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '#core/hash.ts';
import type { Account } from './order-words.ts';

/**
 * This home's account with an authority; its key is made at the first order (RFC 8555, section 7.3: the key is the
 * account). One for all projects, so that limits by account and the authority's mails are about one thing.
 */
export function accountWith(folder: string, directory: string): Account {
  const place = placeOf(folder, directory);
  const there = readOr(place.key);
  if (there === undefined) return { key: makeKey(place.key) };
  const url = readOr(place.url);
  return url === undefined ? { key: there } : { key: there, url: url.trim() };
}

/** Keeps the account's URL; `undefined` forgets one that the authority does not know any more, and the next order registers. */
export function rememberAccount(folder: string, directory: string, url: string | undefined): void {
  const file = placeOf(folder, directory).url;
  if (url === undefined) rmSync(file, { force: true });
  else writeFileSync(file, `${url}\n`, { mode: 0o600 });
}

function placeOf(folder: string, directory: string) {
  const name = join(folder, 'accounts', fingerprint(directory));
  return { key: `${name}.pem`, url: `${name}.url` };
}

function makeKey(file: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  // Not over one that is there: another order may have made it.
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx', flush: true });
  return pem;
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
