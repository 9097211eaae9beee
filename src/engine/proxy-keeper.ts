import type { Parts } from './execute/context.ts';

/** Pauses before the proxy is tried again, milliseconds; the last one is repeated. */
const pauses: readonly number[] = [0, 100, 500, 2000, 10_000];

/** Starts the proxy again when it dies, with everything it carried. */
export class ProxyKeeper {
  readonly #parts: Pick<Parts, 'world' | 'traffic' | 'onFailure'>;
  readonly #closed = new AbortController();
  readonly #unwatch: () => void;
  #reviving = false;

  constructor(parts: Pick<Parts, 'world' | 'traffic' | 'onFailure'>) {
    this.#parts = parts;
    this.#unwatch = parts.world.balancer.watch(() => void this.#revive());
  }

  close(): void {
    this.#closed.abort();
    this.#unwatch();
  }

  async #revive(): Promise<void> {
    if (this.#reviving) return;
    this.#reviving = true;
    for (let attempt = 0; !this.#closed.signal.aborted; attempt += 1) {
      if (await this.#attempt(pauses[attempt] ?? pauses.at(-1) ?? 0)) break;
    }
    this.#reviving = false;
  }

  async #attempt(pauseMs: number): Promise<boolean> {
    const { world, traffic, onFailure } = this.#parts;
    try {
      if (pauseMs > 0) await world.clock.wait(pauseMs, this.#closed.signal);
      await world.balancer.ensureRunning();
      await traffic.apply();
      return true;
    } catch (error) {
      if (!this.#closed.signal.aborted) onFailure('bring the proxy back', error);
      return false;
    }
  }
}
