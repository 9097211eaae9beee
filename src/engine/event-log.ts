import type { DeploymentEvent } from '#model/event.ts';
import type { Store } from '#world/store.ts';
import type { Running } from './api.ts';

/** Lines of a build are worth telling, but not without end. */
const mostProgressEvents = 5000;

/**
 * What a deployment tells, kept in the store so that a client finds its place again after the daemon was replaced.
 * Readers may come at any time, also after the end, and each gets everything from the first event on.
 */
export class EventLog implements Running {
  readonly id: string;
  readonly project: string;
  readonly #store: Store;
  readonly #events: DeploymentEvent[];
  #progressEvents = 0;
  #arrived = Promise.withResolvers<void>();

  constructor(store: Store, id: string, project: string) {
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
    this.#store.appendEvent(this.id, event);
    this.#events.push(event);
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
