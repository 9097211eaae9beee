import type { EventQuery, ProjectEvent } from '#model/project-event.ts';
import type { World } from '#world/world.ts';

/** An event as those who tell it know it. */
export type News = ProjectEvent extends infer E
  ? E extends { readonly time: number }
    ? Omit<E, 'time'>
    : never
  : never;

/** What is kept of each project: enough for weeks of ordinary life, and no disk full of a service that flaps. */
const keep = 5000;
const keepMs = 30 * 24 * 3_600_000;

/** Old events are dropped once in so many. */
const dropEvery = 100;

const longestWaitMs = 3_600_000;

/** A clock that goes back further than this was set. */
const clockStepMs = 1000;

interface Parts {
  readonly world: Pick<World, 'store' | 'clock'>;
  readonly onFailure: (doing: string, error: unknown) => void;
}

/**
 * What happened to every project, kept in the store for those who ask later, and told at once to those who listen. An
 * event that cannot be kept, on a full disk, fails nothing.
 */
export class EventBook {
  readonly #parts: Parts;
  readonly #listeners = new Set<(event: ProjectEvent) => void>();
  #last = 0;
  #told = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  tell(news: News): void {
    const { world, onFailure } = this.#parts;
    const event = { time: this.#moment(), ...news } as ProjectEvent;
    try {
      world.store.appendProjectEvent(event);
      if (this.#told++ % dropEvery === 0)
        world.store.pruneProjectEvents(event.project, { keep, before: event.time - keepMs });
    } catch (error) {
      onFailure(`keep an event of ${event.project}`, error);
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** Events of the past and, where asked for, those to come, until `until` or the signal. */
  async *read(query: EventQuery, signal: AbortSignal): AsyncGenerator<ProjectEvent> {
    const { store, clock } = this.#parts.world;
    const coming: ProjectEvent[] = [];
    let arrived = Promise.withResolvers<void>();
    const listen = (event: ProjectEvent) => {
      if (isAskedFor(event, query)) coming.push(event);
      arrived.resolve();
    };
    // Before the past is read, and in the same moment: nothing falls between the two, and nothing comes twice.
    if (query.follow === true) this.#listeners.add(listen);
    const end = new AbortController();
    try {
      yield* store.projectEvents(query);
      if (query.follow !== true) return;
      const over = waitFor(clock, query.until, AbortSignal.any([signal, end.signal]));
      for (let isOver = false; !isOver; ) {
        while (coming.length > 0) yield coming.shift() as ProjectEvent;
        isOver = await Promise.race([arrived.promise.then(() => false), over.then(() => true)]);
        arrived = Promise.withResolvers<void>();
      }
    } finally {
      end.abort();
      this.#listeners.delete(listen);
    }
  }

  /** Two events of one millisecond would be one to a reader who goes on after the last that it got. */
  #moment(): number {
    const now = this.#parts.world.clock.now();
    this.#last = now <= this.#last && this.#last - now < clockStepMs ? this.#last + 1 : now;
    return this.#last;
  }
}

function isAskedFor(event: ProjectEvent, { project, services, since = 0 }: EventQuery): boolean {
  const service = 'service' in event ? event.service : undefined;
  const isMeant = services.length === 0 || (service !== undefined && services.includes(service));
  return event.project === project && isMeant && event.time >= since;
}

/** Resolves at `moment`, or when the signal aborts; without a moment only then. */
async function waitFor(clock: World['clock'], moment: number | undefined, signal: AbortSignal): Promise<void> {
  const end = moment ?? Number.POSITIVE_INFINITY;
  // In pieces, because a timer cannot be set for a month, and the clock may be.
  for (let left = end - clock.now(); left > 0 && !signal.aborted; left = end - clock.now())
    await clock.wait(Math.min(left, longestWaitMs), signal).catch(() => undefined);
}
