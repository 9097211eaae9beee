/** Wakes the one that waits, also when it rang before. */
export class Signal {
  #rung = Promise.withResolvers<void>();

  ring(): void {
    this.#rung.resolve();
  }

  async orAfter(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const own = new AbortController();
    const waited = wait(own.signal);
    try {
      await Promise.race([this.#rung.promise, waited]);
    } finally {
      own.abort();
      waited.catch(() => undefined);
      this.#rung = Promise.withResolvers<void>();
    }
  }
}
