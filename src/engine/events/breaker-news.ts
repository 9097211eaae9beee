import type { BreakerState, BreakerStatus } from '#model/metrics.ts';
import type { ProjectEvent } from '#model/project-event.ts';
import type { Store } from '#world/store.ts';
import type { EventBook } from './event-book.ts';

type BreakerEvent = Extract<ProjectEvent, { readonly route: string }>['event'];

const eventOf: Readonly<Record<BreakerState, BreakerEvent>> = {
  open: 'breaker-opened',
  recovering: 'breaker-recovering',
  closed: 'breaker-closed',
};

/** Tells the turns of breakers, each once: of those that a daemon finds open, the one before it may have told. */
export class BreakerNews {
  readonly #events: Pick<EventBook, 'tell'>;
  readonly #store: Pick<Store, 'projectEvents'>;
  readonly #remembered = new Set<string>();
  readonly #told = new Map<string, BreakerEvent>();

  constructor(events: Pick<EventBook, 'tell'>, store: Pick<Store, 'projectEvents'>) {
    this.#events = events;
    this.#store = store;
  }

  take({ project, service, route, state, why, lastsMs }: BreakerStatus): void {
    this.#remember(project);
    const key = keyOf(project, route);
    const event = eventOf[state];
    if ((this.#told.get(key) ?? 'breaker-closed') === event) return;
    this.#told.set(key, event);
    this.#events.tell({ event, project, service, route, why, forMs: lastsMs });
  }

  #remember(project: string): void {
    if (this.#remembered.has(project)) return;
    this.#remembered.add(project);
    for (const event of this.#store.projectEvents({ project, services: [] }))
      if ('route' in event) this.#told.set(keyOf(project, event.route), event.event);
  }
}

function keyOf(project: string, route: string): string {
  return `${project} ${route}`;
}
