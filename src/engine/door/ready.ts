import { said } from '#core/messages/say.ts';
import type { Exit } from '#model/instance.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { mayRestart } from '#rollout/backoff.ts';
import { readyLimitMs } from '#rollout/deadlines.ts';
import { gatherEvidence } from '../evidence.ts';
import { WitnessedFailure } from '../failure.ts';
import type { Entry } from '../watch/health-book.ts';
import type { Scope } from './scope.ts';

/**
 * How often an instance that ends before it was ready is started again, and after which pauses, milliseconds. Many
 * applications end when their database does not answer yet; more patience would only hide one that never works.
 */
const restartPauses: readonly number[] = [250, 500, 1000];

/** How often a person who waits is told that it is not ready yet. */
const tellEveryMs = 5000;

interface Gate {
  readonly service: string;
  readonly instance: string;
  /** So many instances of the service may fail. */
  readonly tolerated: number;
}

/** Waits until the instance is ready; throws why it is not, with the last it was seen to say. */
export async function awaitReady(scope: Scope, gate: Gate): Promise<void> {
  const { ctx, progress } = scope;
  try {
    await new Waiting(scope, gate).run();
  } catch (error) {
    const failedSoFar = [...ctx.tolerated].filter((id) => id.startsWith(`${gate.service}-r`)).length;
    if (scope.signal.aborted || failedSoFar >= gate.tolerated) throw error;
    ctx.tolerated.add(gate.instance);
    progress(said('PROGRESS_TOLERATED', { instance: gate.instance }));
  }
}

class Waiting {
  readonly #scope: Scope;
  readonly #gate: Gate;
  #restarts = 0;
  #toldAt: number;

  constructor(scope: Scope, gate: Gate) {
    this.#scope = scope;
    this.#gate = gate;
    this.#toldAt = this.#now();
  }

  async run(): Promise<void> {
    const spec = await this.#watch();
    const limit = readyLimitMs(spec);
    const deadline = (this.#entry()?.instance.startedAt ?? this.#now()) + limit;
    for (;;) {
      const entry = this.#entry();
      if (entry === undefined) throw await this.#failed(said('INSTANCE_GONE', this.#gate));
      if (entry.exit !== undefined) {
        if (await this.#onExit(entry, entry.exit)) return;
        continue;
      }
      if (!spec.oneShot && entry.health.state === 'healthy') return;
      const left = deadline - this.#now();
      if (left <= 0) throw await this.#timedOut(entry, limit);
      this.#tellPatience(entry);
      await this.#somethingNew(Math.min(left, tellEveryMs));
    }
  }

  /** The book watches it since its start, unless the daemon was restarted in between. */
  async #watch(): Promise<ServiceSpec> {
    const { ctx } = this.#scope;
    const instance = await ctx.find(this.#gate.instance);
    if (instance === undefined) throw await this.#failed(said('INSTANCE_GONE', this.#gate));
    const spec = ctx.specOf(instance) ?? ctx.wanted(this.#gate.service);
    ctx.parts.book.watch(instance, spec);
    return spec;
  }

  /** Is it ready although it ended? Only a one-shot can be; others are started again a few times. */
  async #onExit(entry: Entry, exit: Exit): Promise<boolean> {
    const { service, instance } = this.#gate;
    if (entry.spec.oneShot) {
      if (exit.code === 0) return true;
      if (exit.code === undefined && exit.signal === undefined)
        throw await this.#failed(said('ONE_SHOT_UNSEEN', { service, instance }));
      throw await this.#failed(this.#ended(exit));
    }
    const pause = restartPauses[this.#restarts];
    if (pause === undefined || exit.outOfMemory || !mayRestart(entry.spec.restart, exit))
      throw await this.#failed(this.#ended(exit));
    await this.#restart(entry, exit, pause);
    return false;
  }

  async #restart({ spec }: Entry, exit: Exit, pause: number): Promise<void> {
    const { ctx, signal, progress } = this.#scope;
    const { instance } = this.#gate;
    this.#restarts += 1;
    progress(said('PROGRESS_RESTART', { instance, code: exit.code, ms: pause }));
    await ctx.parts.world.clock.wait(pause, signal);
    const restarted = await ctx.runtime(spec).restart(ctx.project, instance, signal);
    ctx.parts.book.watch(restarted, spec);
  }

  #ended(exit: Exit) {
    const { service, instance } = this.#gate;
    const { code, signal, outOfMemory } = exit;
    return said('INSTANCE_ENDED', { service, instance, code, signal, outOfMemory, times: this.#restarts + 1 });
  }

  #timedOut(entry: Entry, limit: number): Promise<Error> {
    const { service, instance } = this.#gate;
    const { attempts } = entry.health;
    return this.#failed(said('GATE_TIMED_OUT', { service, instance, seconds: limit / 1000, attempts }));
  }

  async #failed(what: ReturnType<typeof said>): Promise<Error> {
    return new WitnessedFailure(what, await gatherEvidence(this.#scope.ctx, this.#gate.instance));
  }

  #tellPatience(entry: Entry): void {
    if (this.#now() - this.#toldAt < tellEveryMs) return;
    this.#toldAt = this.#now();
    const { instance } = this.#gate;
    this.#scope.progress(
      entry.health.last?.said ?? said('PROGRESS_PROBE', { instance, attempts: entry.health.attempts }),
    );
  }

  /** Resolves when the book tells something of the instance, or after `ms`. */
  async #somethingNew(ms: number): Promise<void> {
    const { ctx, signal } = this.#scope;
    const told = Promise.withResolvers<void>();
    const stop = ctx.parts.book.subscribe((event) => {
      if (event.project === ctx.project && event.instance === this.#gate.instance) told.resolve();
    });
    const own = new AbortController();
    const waited = ctx.parts.world.clock.wait(ms, AbortSignal.any([signal, own.signal]));
    try {
      await Promise.race([told.promise, waited]);
    } finally {
      stop();
      own.abort();
      waited.catch(() => undefined);
    }
  }

  #entry(): Entry | undefined {
    return this.#scope.ctx.parts.book.entry(this.#scope.ctx.project, this.#gate.instance);
  }

  #now(): number {
    return this.#scope.ctx.parts.world.clock.now();
  }
}
