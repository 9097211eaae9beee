import type { DeploymentEvent } from '#model/event.ts';
import type { Store } from '#world/store.ts';
import type { Running } from './api.ts';

/** Lines of a build are worth telling, but not without end. */
const mostProgressEvents = 5000;

interface Options {
  readonly store: Store;
  readonly id: string;
  readonly project: string;
  readonly onFailure: (doing: string, error: unknown) => void;
  /** Told of every event that comes. */
  readonly onEvent?: ((event: DeploymentEvent) => void) | undefined;
}

/**
 * What a deployment tells, kept in the store so that a client finds its place again after the daemon was replaced.
 * Readers may come at any time, also after the end, and each gets everything from the first event on.
 */
export class EventLog implements Running {
  readonly id: string;
  readonly project: string;
  readonly #store: Store;
  readonly #onFailure: Options['onFailure'];
  readonly #onEvent: Options['onEvent'];
  readonly #events: DeploymentEvent[];
  #progressEvents = 0;
  #arrived = Promise.withResolvers<void>();

  constructor({ store, id, project, onFailure, onEvent }: Options) {
    this.#onFailure = onFailure;
    this.#onEvent = onEvent;
    this.id = id;
    this.project = project;
    this.#store = store;
    this.#events = [...store.events(id)];
  }

  get ended(): boolean {
    return this.#events.at(-1)?.event === 'end';
  }

  emit(event: DeploymentEvent): void {
    if (event.event === 'step-progress' && ++this.#progressEvents > mostProgressEvents) return;
    try {
      this.#store.appendEvent(this.id, event);
    } catch (error) {
      // Those who listen now hear it all the same, and the deployment does not fail for want of a record of its words.
      this.#onFailure(`record an event of ${this.id}`, error);
    }
    this.#events.push(event);
    this.#onEvent?.(event);
    const arrived = this.#arrived;
    this.#arrived = Promise.withResolvers<void>();
    arrived.resolve();
  }

  async *events(): AsyncIterable<DeploymentEvent> {
    for (let index = 0; ; index += 1) {
      while (index >= this.#events.length) await this.#arrived.promise;
      const event = this.#events[index] as DeploymentEvent;
      yield event;
      if (event.event === 'end') return;
    }
  }
}
