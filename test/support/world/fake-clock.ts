import type { Clock } from '#world/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only when everybody sleeps: a test of an hour takes milliseconds, and is the same each time. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #sleepers = new Set<Sleeper>();
  #ticking = false;
  #frozen = false;

  now(): number {
    return this.#now;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.reject(asError(signal.reason));
    const sleeper = { at: this.#now + Math.max(0, ms), wake: resolve };
    this.#sleepers.add(sleeper);
    signal?.addEventListener(
      'abort',
      () => {
        if (this.#sleepers.delete(sleeper)) reject(asError(signal.reason));
      },
      { once: true },
    );
    this.#tick();
    return promise;
  }

  /** Nobody wakes any more. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Lets one turn of the event loop pass, in which all that can go on goes on; then wakes the next sleeper. */
  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    setImmediate(() => {
      this.#ticking = false;
      this.#wakeNext();
      if (this.#sleepers.size > 0 && !this.#frozen) this.#tick();
    });
  }

  #wakeNext(): void {
    if (this.#frozen) return;
    const next = Math.min(...[...this.#sleepers].map((one) => one.at));
    if (!Number.isFinite(next)) return;
    this.#now = Math.max(this.#now, next);
    for (const sleeper of [...this.#sleepers])
      if (sleeper.at <= this.#now) {
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
