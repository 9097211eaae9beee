import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { fail, reasonOf, TimonelError } from '#core/errors.ts';

/** SQLITE_FULL (sqlite.org/rescode.html): the disk, or the quota, is full. */
const sqliteFull = 13;

/** A row as the database gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A connection that keeps its statements prepared and whose every failure is STORE_FAILED or STORE_FULL. */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  /**
   * @param durability `full`: a write is on disk when it returns; `crash`: it survives a killed process, but the last
   *   ones may be lost with the machine's power
   */
  constructor(file: string, durability: 'full' | 'crash') {
    this.#connection = guarded(() => new DatabaseSync(file));
    this.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL;');
    this.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'};`);
  }

  exec(sql: string): void {
    guarded(() => this.#connection.exec(sql));
  }

  run(sql: string, ...values: readonly SQLInputValue[]): void {
    guarded(() => this.#statement(sql).run(...values));
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return guarded(() => this.#statement(sql).get(...values) as Row | undefined);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return guarded(() => this.#statement(sql).all(...values) as Row[]);
  }

  /** All writes of `work`, or none. A transaction within another is part of it. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  close(): void {
    this.#statements.clear();
    guarded(() => this.#connection.close());
  }

  /** Some failures end the transaction by themselves; then there is nothing left to roll back. */
  #rollBack(): void {
    if (this.#connection.isTransaction) this.exec('ROLLBACK');
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#connection.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}

/** Makes the file if there is none, readable for its owner only: it holds environments and secrets. */
export function ensurePrivateFile(file: string): void {
  guarded(() => {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  });
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TimonelError) throw error;
    const isFull = (error as { readonly errcode?: unknown }).errcode === sqliteFull;
    throw isFull
      ? fail('STORE_FULL', {}, { cause: error })
      : fail('STORE_FAILED', { detail: reasonOf(error) }, { cause: error });
  }
}

export function text(row: Row, column: string): string {
  return String(row[column]);
}

export function number(row: Row, column: string): number {
  return Number(row[column]);
}

export function optionalNumber(row: Row, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
}

/** The value of a JSON column; undefined where it is NULL. */
export function optionalJson<T>(row: Row, column: string): T | undefined {
  const value = row[column];
  return typeof value === 'string' ? (JSON.parse(value) as T) : undefined;
}

export function json<T>(row: Row): T {
  return JSON.parse(text(row, 'json')) as T;
}
