import type { Said } from '#core/messages/say.ts';
import type { JournalEvent } from '#model/journal.ts';
import type { Plan } from '#model/plan.ts';
import { advance, foldJournal, type Phase } from '#rollout/state.ts';
import { type Steering, steer, unsteered } from '#rollout/steering.ts';
import type { Store } from '#world/store.ts';

type Entry = JournalEvent extends infer E ? (E extends { readonly time: number } ? Omit<E, 'time'> : never) : never;

/** A deployment's journal and the phase that it folds to. An event that cannot follow throws before it is written. */
export class Journal {
  readonly #store: Store;
  readonly #deployment: string;
  readonly #plan: Plan;
  readonly #now: () => number;
  readonly #startedAt = new Map<string, number>();
  readonly #failures = new Map<string, Said>();
  readonly #steered = new Set<() => void>();
  #steering = unsteered;
  #phase: Phase;

  constructor(store: Store, deployment: string, plan: Plan, now: () => number) {
    this.#store = store;
    this.#deployment = deployment;
    this.#plan = plan;
    this.#now = now;
    const events = store.journal(deployment);
    for (const event of events) this.#note(event);
    this.#phase = foldJournal(plan, events);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** When the step was begun for the first time, also before a restart. */
  startedAt(step: string): number | undefined {
    return this.#startedAt.get(step);
  }

  /** What people ordered so far. */
  get steering(): Steering {
    return this.#steering;
  }

  /** Calls `listener` after every order from now on. Returns the way to stop listening. */
  onSteered(listener: () => void): () => void {
    this.#steered.add(listener);
    return () => this.#steered.delete(listener);
  }

  /** Why the step failed, if it did. */
  failureOf(step: string): Said | undefined {
    return this.#failures.get(step);
  }

  /** Writes one event, together with what must become true in the same moment. */
  append(entry: Entry, together: () => void = () => undefined): void {
    const event = { ...entry, time: this.#now() } as JournalEvent;
    const phase = advance(this.#plan, this.#phase, event);
    this.#store.transaction(() => {
      together();
      this.#store.appendJournal(this.#deployment, event);
    });
    this.#note(event);
    this.#phase = phase;
    if (event.kind === 'steered') for (const listener of [...this.#steered]) listener();
  }

  #note(event: JournalEvent): void {
    if (event.kind === 'step-started' && !this.#startedAt.has(event.step)) this.#startedAt.set(event.step, event.time);
    if (event.kind === 'steered') this.#steering = steer(this.#steering, event);
    if (event.kind === 'step-failed') this.#failures.set(event.step, event.reason);
  }
}
