import { servingIds } from '#rollout/traffic/edits.ts';
import type { Parked } from '#world/store.ts';
import { observeInstances } from '../observe.ts';
import type { SupervisorParts } from './supervisor.ts';
import { removeInstance } from './sweep.ts';

/** While a deployment is under way, which may need the warm ones, it is asked again after this long, milliseconds. */
const busyMs = 1000;

/** Stops warm instances when their time is over. The times are in the store, so they survive restarts. */
export class WarmTimer {
  readonly #parts: SupervisorParts;
  readonly #closed = new AbortController();
  #sleeping: AbortController | undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** Sleeps until the next one is due; called again whenever that may have changed. */
  schedule(): void {
    this.#sleeping?.abort();
    const { world } = this.#parts;
    const next = world.store.parked()[0];
    if (next === undefined || this.#closed.signal.aborted) return;
    const waitMs = Math.max(next.until - world.clock.now(), this.#parts.isBusy(next.project) ? busyMs : 0);
    const own = new AbortController();
    this.#sleeping = own;
    world.clock.wait(waitMs, AbortSignal.any([own.signal, this.#closed.signal])).then(
      () => this.#retireDue(),
      () => undefined,
    );
  }

  close(): void {
    this.#closed.abort();
  }

  /** Whatever the records say: what gets requests is not stopped. */
  #serves({ project, service, instance }: Parked): boolean {
    return servingIds(this.#parts.traffic.of(project)[service]).includes(instance);
  }

  async #retireDue(): Promise<void> {
    const { world, isBusy, onFailure } = this.#parts;
    const now = world.clock.now();
    for (const parked of world.store.parked()) {
      if (parked.until > now || isBusy(parked.project)) continue;
      // Forgotten first: a deployment that begins now must not count on it.
      world.store.unpark(parked.project, parked.instance);
      try {
        if (this.#serves(parked)) continue;
        const found = (await observeInstances(world, parked.project)).find((one) => one.id === parked.instance);
        if (found !== undefined) await removeInstance(this.#parts, found, undefined);
      } catch (error) {
        onFailure(`stop warm ${parked.instance}`, error);
      }
    }
    this.schedule();
  }
}
