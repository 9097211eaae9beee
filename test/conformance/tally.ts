import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Difference } from './compare.ts';

interface Exception {
  /** Where the models may differ; nowhere else. */
  readonly at: readonly string[];
  readonly reason: string;
}

const exceptions = JSON.parse(readFileSync(join(import.meta.dirname, 'exceptions.json'), 'utf8')) as Readonly<
  Record<string, Exception>
>;

/** Counts the cases of one kind and keeps what failed. An exception counts as failed as soon as it holds. */
export class Tally {
  readonly #kind: string;
  readonly #failures: string[] = [];
  #total = 0;
  #excepted = 0;

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Runs one case; `check` returns the differences that it found. */
  run(name: string, check: () => readonly Difference[]): void {
    this.#total++;
    const found = this.#differencesOf(check);
    const exception = exceptions[name];
    if (exception === undefined) {
      for (const one of found.slice(0, 3)) this.#failures.push(`${name} ${one.text}`);
      return;
    }
    this.#excepted++;
    if (found.length === 0) this.#failures.push(`${name} holds; remove it from exceptions.json`);
    const others = found.filter((one) => !exception.at.includes(one.at));
    for (const one of others) this.#failures.push(`${name} ${one.text}`);
  }

  /** Prints the count and fails the test when a case failed. */
  finish(print: (line: string) => void): void {
    const failed = new Set(this.#failures.map((line) => line.split(' ', 1)[0])).size;
    const excepted = this.#excepted === 0 ? '' : `, ${this.#excepted} of these by exception`;
    print(`${this.#kind}: ${this.#total - failed} of ${this.#total}${excepted}`);
    assert.ok(this.#total > 0, `no cases of kind ${this.#kind} were found`);
    assert.deepEqual(this.#failures, []);
  }

  #differencesOf(check: () => readonly Difference[]): readonly Difference[] {
    try {
      return check();
    } catch (error) {
      return [{ at: 'thrown', text: error instanceof Error ? (error.stack ?? error.message) : String(error) }];
    }
  }
}

/** A difference in words, for checks that compare no trees. */
export function failure(text: string): Difference {
  return { at: '', text };
}
