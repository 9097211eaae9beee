import type { Store } from '#world/store.ts';
import type { World } from '#world/world.ts';

/** Store methods that write; a dead daemon writes nothing. */
const writes: ReadonlySet<string> = new Set<keyof Store>([
  'ensureProject',
  'setStopped',
  'saveRelease',
  'setServing',
  'deleteReleases',
  'setLastOrdinal',
  'createDeployment',
  'setPlan',
  'endDeployment',
  'pruneDeployments',
  'appendJournal',
  'appendEvent',
  'appendProjectEvent',
  'pruneProjectEvents',
  'lock',
  'unlock',
  'setTraffic',
  'park',
  'unpark',
]);

/** Writes that nobody goes on from. */
const tellings: ReadonlySet<string> = new Set<keyof Store>(['appendEvent', 'appendProjectEvent', 'pruneProjectEvents']);

/** Methods that only tell what is known already, without a promise. */
const saysAtOnce: ReadonlySet<string> = new Set(['logs', 'check', 'breakers', 'certificates']);

interface Kind {
  /** A daemon may die before and after it. */
  readonly counted: boolean;
  /** Of a runtime or the proxy: it may fail. */
  readonly isAdapter: boolean;
}

/**
 * One life of the daemon: a world whose every effect is counted, and which dies at the `dieAt`-th. What a dead daemon
 * still tries comes to nothing: its calls never return, its writes are not made, and it hears of nothing.
 */
export class Life {
  readonly world: World;
  /** Resolves when it dies. */
  readonly death: Promise<void>;
  effects = 0;
  isDead = false;
  /** How many calls of adapters there were, and the one that fails, once. */
  calls = 0;
  failAt = Number.POSITIVE_INFINITY;
  readonly #dieAt: number;
  readonly #died = Promise.withResolvers<void>();

  constructor(world: World, dieAt = Number.POSITIVE_INFINITY) {
    this.#dieAt = dieAt;
    this.death = this.#died.promise;
    this.world = {
      ...world,
      store: this.#mortalStore(world.store),
      balancer: this.#mortal(world.balancer),
      prober: this.#mortal(world.prober, 'no effect'),
      clock: { now: () => world.clock.now(), wait: (ms, signal) => this.#outlived(world.clock.wait(ms, signal)) },
      runtimes: {
        process: world.runtimes.process && this.#mortal(world.runtimes.process),
        docker: world.runtimes.docker && this.#mortal(world.runtimes.docker),
      },
    };
  }

  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#died.resolve();
  }

  /** Counts a moment in which a daemon may die. */
  #moment(): void {
    this.effects += 1;
    if (this.effects >= this.#dieAt) this.die();
  }

  #outlived<T>(promise: Promise<T>): Promise<T> {
    const never = () => new Promise<never>(() => undefined);
    return promise.then(
      (value) => (this.isDead ? never() : value),
      (error: unknown) => (this.isDead ? never() : Promise.reject(error)),
    );
  }

  #mortal<T extends object>(target: T, kind: 'effects' | 'no effect' = 'effects'): T {
    return new Proxy(target, {
      get: (owner, name) => {
        const member = Reflect.get(owner, name) as unknown;
        if (typeof member !== 'function') return member;
        if (name === 'watch' || name === 'watchBreakers')
          return (listener: (event: unknown) => void) => this.#watch(member, owner, listener);
        if (saysAtOnce.has(String(name))) return member.bind(owner);
        const counted = kind === 'effects' && name !== 'observe' && name !== 'serviceAddress';
        return (...args: readonly unknown[]) =>
          this.#call(() => member.apply(owner, args) as Promise<unknown>, { counted, isAdapter: kind === 'effects' });
      },
    });
  }

  async #call(effect: () => Promise<unknown>, { counted, isAdapter }: Kind): Promise<unknown> {
    if (counted) this.#moment();
    if (this.isDead) return new Promise<never>(() => undefined);
    if (isAdapter) this.calls += 1;
    if (isAdapter && this.calls === this.failAt) throw new Error('the adapter failed');
    const result = await this.#outlived(effect());
    if (counted) this.#moment();
    return this.#outlived(Promise.resolve(result));
  }

  #watch(member: object, owner: object, listener: (event: unknown) => void): unknown {
    const heard = (event: unknown) => {
      if (!this.isDead) listener(event);
    };
    return Reflect.apply(member as (listener: (event: unknown) => void) => unknown, owner, [heard]);
  }

  #mortalStore(store: Store): Store {
    return new Proxy(store, {
      get: (owner, name) => {
        const member = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
        if (name === 'transaction') return (work: () => unknown) => (this.isDead ? work() : owner.transaction(work));
        if (!writes.has(String(name))) return member.bind(owner);
        return (...args: unknown[]) => {
          if (!tellings.has(String(name))) this.#moment();
          return this.isDead ? undefined : member.apply(owner, args);
        };
      },
    });
  }
}
