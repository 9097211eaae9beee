/** Keeps the last bytes of an output, and nothing more. */
export class TailBuffer {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length > this.#limit * 2) this.#shrink();
  }

  toString(): string {
    this.#shrink();
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  #shrink(): void {
    const all = Buffer.concat(this.#chunks);
    const kept = all.subarray(Math.max(0, all.length - this.#limit));
    this.#chunks = [kept];
    this.#length = kept.length;
  }
}
