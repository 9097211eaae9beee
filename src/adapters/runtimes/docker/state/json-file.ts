import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, reasonOf } from '#core/errors.ts';
import { writeFailure } from '../../../disk-full.ts';

/**
 * Reads a state file.
 *
 * @returns undefined when there is none
 * @throws DOCKER_STATE_UNREADABLE when it is there but is no JSON: guessing would give services new addresses
 */
export async function readJson<T>(path: string): Promise<T | undefined> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw fail('DOCKER_STATE_UNREADABLE', { path, detail: reasonOf(error) }, { cause: error });
  }
  try {
    return JSON.parse(content) as T;
  } catch (error) {
    throw fail('DOCKER_STATE_UNREADABLE', { path, detail: reasonOf(error) }, { cause: error });
  }
}

/**
 * Replaces a state file as a whole: after a crash there is the old one or the new one, never half of one.
 *
 * @throws RUNTIME_DISK_FULL
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  try {
    await replaceJson(path, value);
  } catch (error) {
    throw writeFailure(error, path);
  }
}

async function replaceJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncDirectory(dirname(path));
}

/** Forgets a state file; one that is not there is forgotten already. */
export async function removeJson(path: string): Promise<void> {
  await rm(path, { force: true });
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(join(path, '.'), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
