import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Held until the process ends or `release` is called. */
export interface Hold {
  release(): void;
}

/**
 * Takes the daemon's lock, or returns undefined when another process holds it. SQLite is used for its advisory file
 * lock alone: the kernel drops it at any death of the holder, children do not inherit it, and a recycled process id
 * cannot be mistaken for it, which a file with a pid allows.
 */
export function holdAlone(lockFile: string): Hold | undefined {
  closeSync(openSync(lockFile, 'a', 0o600));
  const database = new DatabaseSync(lockFile);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return undefined;
    throw error;
  }
}

const busy = 5;
