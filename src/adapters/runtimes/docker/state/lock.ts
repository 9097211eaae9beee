/** Runs pieces of work one after the other; what one throws does not stop the next. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Is nobody waiting behind the work that runs now? */
  get isLast(): boolean {
    return this.#waiting === 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const begin = () => {
      this.#waiting -= 1;
      return work();
    };
    const mine = this.#last.then(begin, begin);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** A lock for each name. */
export class Locks {
  readonly #locks = new Map<string, Lock>();

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = this.#locks.get(name) ?? new Lock();
    this.#locks.set(name, lock);
    return lock.run(async () => {
      try {
        return await work();
      } finally {
        if (lock.isLast) this.#locks.delete(name);
      }
    });
  }
}
