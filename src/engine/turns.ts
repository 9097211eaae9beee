import { fail, type TimonelError } from '#core/errors.ts';
import type { LockHolder } from '#model/event.ts';
import type { World } from '#world/world.ts';

/** How often one that waits looks how far the holder is, milliseconds. */
const lookEveryMs = 1000;

/** Did a deployment have to wait for its turn? Then what it was asked from may have changed. */
export type Turn = 'at once' | 'after waiting';

interface Asking {
  readonly project: string;
  readonly deployment: string;
  readonly by: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Called at first, and then whenever another holds the lock or its holder is further. */
  readonly onWaiting: (holder: LockHolder) => void;
}

/** One deployment of a project at a time, in the order in which they came. */
export class Turns {
  readonly #world: World;
  readonly #queues = new Map<string, string[]>();
  readonly #stepOf: (deployment: string) => string | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(world: World, stepOf: (deployment: string) => string | undefined) {
    this.#world = world;
    this.#stepOf = stepOf;
  }

  /** Who deploys the project now, at which step. */
  holder(project: string): LockHolder | undefined {
    const holder = this.#world.store.lockHolder(project);
    return holder === undefined ? undefined : { ...holder, step: this.#stepOf(holder.deployment) };
  }

  /** The error for one that will not wait. */
  refusal(project: string): TimonelError | undefined {
    const holder = this.holder(project);
    return holder === undefined ? undefined : lockedError(project, holder);
  }

  /** Takes the project's lock when it is this deployment's turn; throws LOCKED after `waitMs`. */
  async take(asking: Asking): Promise<Turn> {
    const { project, deployment, signal } = asking;
    const { clock } = this.#world;
    const queue = this.#queues.get(project) ?? [];
    this.#queues.set(project, queue);
    queue.push(deployment);
    const giveUpAt = clock.now() + asking.waitMs;
    let waited = false;
    let told = '';
    try {
      for (;;) {
        if (queue[0] === deployment && this.#tryLock(asking)) return waited ? 'after waiting' : 'at once';
        waited = true;
        const holder = this.holder(project) ?? this.#next(project, queue, asking);
        const news = `${holder.deployment} ${holder.step ?? ''}`;
        if (news !== told) asking.onWaiting(holder);
        told = news;
        const left = giveUpAt - clock.now();
        if (left <= 0) throw lockedError(project, holder);
        await this.#somethingChanged(Math.min(left, lookEveryMs), signal);
      }
    } finally {
      queue.splice(queue.indexOf(deployment), 1);
      this.#ring();
    }
  }

  /** For a deployment that is resumed after a restart: the lock is its own already. */
  keep(project: string, holder: LockHolder): void {
    this.#world.store.lock(project, holder);
  }

  give(project: string, deployment: string): void {
    this.#world.store.unlock(project, deployment);
    this.#ring();
  }

  #tryLock({ project, deployment, by }: Asking): boolean {
    const holder = { deployment, by, since: this.#world.clock.now(), step: undefined };
    return this.#world.store.lock(project, holder) === undefined;
  }

  /** Nobody holds the lock yet, but another stands before us. */
  #next(_project: string, queue: readonly string[], { by }: Asking): LockHolder {
    return { deployment: queue[0] ?? '', by, since: this.#world.clock.now(), step: undefined };
  }

  #ring(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }

  async #somethingChanged(ms: number, signal: AbortSignal): Promise<void> {
    const own = new AbortController();
    const waited = this.#world.clock.wait(ms, AbortSignal.any([signal, own.signal]));
    try {
      await Promise.race([this.#changed.promise, waited]);
    } finally {
      own.abort();
      waited.catch(() => undefined);
    }
  }
}

function lockedError(project: string, holder: LockHolder): TimonelError {
  const since = new Date(holder.since).toISOString();
  return fail('LOCKED', { project, deployment: holder.deployment, by: holder.by, since, step: holder.step });
}
