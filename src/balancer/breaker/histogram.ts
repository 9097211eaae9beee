import { binOf, millisecondsOf, timeBins } from '#core/time-bins.ts';

/** How many answers took how long, in memory that does not grow. */
export class Histogram {
  readonly #counts = new Uint32Array(timeBins);
  #total = 0;

  /** @param weight how many answers this one stands for */
  add(ms: number, weight = 1): void {
    const bin = binOf(ms);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + weight;
    this.#total += weight;
  }

  addAll(other: Histogram): void {
    other.#counts.forEach((count, bin) => {
      this.#counts[bin] = (this.#counts[bin] ?? 0) + count;
    });
    this.#total += other.#total;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** Milliseconds within which `quantile` per cent of the answers came; 0 when there are none. */
  at(quantile: number): number {
    const wanted = Math.max(1, Math.ceil((quantile / 100) * this.#total));
    let seen = 0;
    for (const [bin, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return millisecondsOf(bin);
    }
    return 0;
  }
}
