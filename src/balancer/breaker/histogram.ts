/** Times up to 200 ms are told apart to the millisecond, longer ones to two per cent, up to more than an hour. */
const exact = 200;
const growth = 1.02;
const bins = exact + Math.ceil(Math.log(3_600_000 / exact) / Math.log(growth)) + 1;

/** How many answers took how long, in memory that does not grow. */
export class Histogram {
  readonly #counts = new Uint32Array(bins);
  #total = 0;

  add(ms: number): void {
    const bin = binOf(ms);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#total += 1;
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

function binOf(ms: number): number {
  if (ms < exact) return Math.max(0, Math.floor(ms));
  return Math.min(bins - 1, exact + Math.floor(Math.log(ms / exact) / Math.log(growth)));
}

function millisecondsOf(bin: number): number {
  return bin < exact ? bin : exact * growth ** (bin - exact);
}
