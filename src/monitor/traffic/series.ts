import type { TimeWindow } from '#model/metrics.ts';
import { Tally } from './tally.ts';

const secondMs = 1000;
/** A quarter of an hour, and a minute in which a reader may be late. */
const keptMs = 16 * 60 * secondMs;

interface Second {
  readonly at: number;
  readonly tally: Tally;
}

/** Second after second of the last quarter of an hour, and the sum since the beginning. Quiet seconds take no memory. */
export class Series {
  readonly total = new Tally();
  readonly #seconds: Second[] = [];

  /** Where the second of `at` is counted; undefined for one that lies too far back. */
  second(at: number): Tally | undefined {
    const start = Math.floor(at / secondMs) * secondMs;
    const newest = this.#seconds.at(-1);
    if (newest === undefined || newest.at < start) return this.#append(start);
    // Requests are told in the order in which they end, more or less: the place is near the end.
    for (let index = this.#seconds.length - 1; index >= 0; index--) {
      const one = this.#seconds[index];
      if (one === undefined || one.at > start) continue;
      if (one.at === start) return one.tally;
      return this.#insert(index + 1, start);
    }
    return start < newest.at - keptMs ? undefined : this.#insert(0, start);
  }

  /** Adds what lies in the window to `sum`, by `how`. */
  collect({ from, to }: TimeWindow, how: (second: Tally) => void): void {
    for (let index = this.#seconds.length - 1; index >= 0; index--) {
      const one = this.#seconds[index];
      if (one === undefined || one.at + secondMs <= from) return;
      if (one.at < to) how(one.tally);
    }
  }

  /** When something last happened, milliseconds since the epoch. */
  get lastAt(): number {
    return this.#seconds.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  }

  #append(start: number): Tally {
    const tally = new Tally();
    this.#seconds.push({ at: start, tally });
    const oldest = this.#seconds.findIndex((one) => one.at >= start - keptMs);
    // In one go now and then: moving the rest up costs as much for one as for many.
    if (oldest >= 60) this.#seconds.splice(0, oldest);
    return tally;
  }

  #insert(index: number, start: number): Tally {
    const tally = new Tally();
    this.#seconds.splice(index, 0, { at: start, tally });
    return tally;
  }
}
