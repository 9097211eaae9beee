import type { Parts } from './execute/context.ts';

/** Pauses before the proxy is tried again, milliseconds; the last one is repeated. */
const pauses: readonly number[] = [0, 100, 500, 2000, 10_000];

/** Makes the proxy run and carry everything, again and again until it does: when it dies, and when it would not follow. */
export class ProxyKeeper {
  readonly #parts: Pick<Parts, 'world' | 'traffic' | 'events' | 'onFailure'>;
  readonly #closed = new AbortController();
  readonly #unwatch: () => void;
  #bringing: Promise<void> | undefined;
  /** Somebody asked since the last attempt began: it may have come too early to see why. */
  #isAskedAgain = false;

  constructor(parts: Pick<Parts, 'world' | 'traffic' | 'events' | 'onFailure'>) {
    this.#parts = parts;
    this.#unwatch = parts.world.balancer.watch(() => void this.#onDeath());
    parts.traffic.onFailedApply = () => void this.bringBack();
  }

  /** Resolves once it carries everything, or the engine is closed; never rejects. */
  bringBack(): Promise<void> {
    this.#isAskedAgain = true;
    this.#bringing ??= this.#tryUntilItDoes().finally(() => {
      this.#bringing = undefined;
    });
    return this.#bringing;
  }

  close(): void {
    this.#closed.abort();
    this.#unwatch();
  }

  async #onDeath(): Promise<void> {
    this.#tell('proxy-died');
    await this.bringBack();
    if (!this.#closed.signal.aborted) this.#tell('proxy-restarted');
  }

  /** It carries every project. */
  #tell(event: 'proxy-died' | 'proxy-restarted'): void {
    const { traffic, events } = this.#parts;
    for (const project of Object.keys(traffic.all())) events.tell({ event, project });
  }

  async #tryUntilItDoes(): Promise<void> {
    for (let attempt = 0; !this.#closed.signal.aborted; attempt += 1) {
      if ((await this.#attempt(pauses[attempt] ?? pauses.at(-1) ?? 0)) && !this.#isAskedAgain) return;
    }
  }

  async #attempt(pauseMs: number): Promise<boolean> {
    const { world, traffic, onFailure } = this.#parts;
    try {
      if (pauseMs > 0) await world.clock.wait(pauseMs, this.#closed.signal);
      this.#isAskedAgain = false;
      await world.balancer.ensureRunning();
      await traffic.apply();
      return true;
    } catch (error) {
      if (!this.#closed.signal.aborted) onFailure('bring the proxy back', error);
      return false;
    }
  }
}
