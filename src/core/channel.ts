/** Values on their way to one reader. Who gives them can wait until each is read, and so never runs ahead. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #waiting: { readonly value: T; readonly taken: () => void }[] = [];
  #isOver = false;
  #news = Promise.withResolvers<void>();

  /** Resolves once the value was read, or nobody reads any more. */
  put(value: T): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ value, taken: resolve });
    this.#wake();
    return promise;
  }

  /** No more comes. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        const { promise } = this.#news;
        for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
          try {
            yield next.value;
          } finally {
            next.taken();
          }
        }
        if (this.#isOver) return;
        await promise;
      }
    } finally {
      this.#isOver = true;
      for (const { taken } of this.#waiting.splice(0)) taken();
    }
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
