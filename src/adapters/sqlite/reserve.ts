import { statSync } from 'node:fs';
import { type Database, number } from './database.ts';

/** Room for the records of many deployments, bytes. The write-ahead log goes back to its start after 4 MiB. */
const bytes = 4_600_000;
const enoughFreePages = 256;

/**
 * Room on the disk that belongs to the records already: free pages inside the database, and a write-ahead log that is
 * as long as it ever gets. So a deployment that meets a full disk can still write down how it goes back and ends.
 */
export class Reserve {
  readonly #database: Database;
  readonly #log: string;

  constructor(database: Database, file: string) {
    this.#database = database;
    this.#log = `${file}-wal`;
  }

  /** Makes sure of the room; on a disk that has none left nothing changes, and writes go on as long as they can. */
  hold(): void {
    if (this.#isHeld()) return;
    try {
      // In two transactions: pages that one transaction takes and gives back never reach the disk.
      this.#database.transaction(() => {
        this.#database.exec('DROP TABLE IF EXISTS reserve; CREATE TABLE reserve (room BLOB) STRICT;');
        this.#database.exec(`INSERT INTO reserve VALUES (zeroblob(${bytes}))`);
      });
      this.#database.exec('DROP TABLE reserve');
    } catch {
      // What cannot be written is said by the write that needs it.
    }
  }

  #isHeld(): boolean {
    const logBytes = statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
    const free = number(this.#database.one('PRAGMA freelist_count') ?? {}, 'freelist_count');
    return logBytes >= bytes && free >= enoughFreePages;
  }
}
