import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '#core/errors.ts';

/**
 * Writes a file so that a crash leaves the old or the new content, never a part: temporary name, sync, rename, sync of
 * the folder. Makes the folder (0700) when it is missing.
 */
export function writeAtomic(path: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(draft, 'w', mode);
    try {
      writeAll(file, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(draft, { force: true });
    throw diskError(error, path);
  }
}

/** As `writeAtomic`, of a value as JSON. */
export function writeJson(path: string, value: unknown): void {
  writeAtomic(path, `${JSON.stringify(value)}\n`);
}

/** The value in a JSON file; undefined when the file is missing or holds anything else than a whole JSON object. */
export function readJson(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A full disk gets its own error, because its cure is always the same. */
export function diskError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT' ? fail('RUNTIME_DISK_FULL', { path }, { cause: error }) : error;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
