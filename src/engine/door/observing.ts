import { said } from '#core/messages/say.ts';
import type { ServerCounters } from '#world/balancer.ts';
import { gatherEvidence } from '../evidence.ts';
import { WitnessedFailure } from '../failure.ts';
import { backendsOf } from './flow.ts';
import type { Scope } from './scope.ts';
import { Signal } from './signal.ts';

/** How often the proxy's counters are read, milliseconds; a crash is heard of at once. */
const everyMs = 250;

interface Watch {
  readonly service: string;
  readonly instances: readonly string[];
  readonly forMs: number;
}

/** Watches new instances take traffic; throws as soon as one ends, turns unhealthy, or answers too many 5xx. */
export async function observe(scope: Scope, watch: Watch): Promise<void> {
  const { ctx, signal, startedAt } = scope;
  const { clock } = ctx.parts.world;
  const end = startedAt + watch.forMs;
  const errors = new ErrorShare(scope, watch);
  const told = new Signal();
  const stop = ctx.parts.book.subscribe((event) => {
    if (event.what !== 'answered' && watch.instances.includes(event.instance)) told.ring();
  });
  try {
    for (;;) {
      await judgeInstances(scope, watch);
      await errors.judge();
      const left = end - clock.now();
      if (left <= 0) return;
      await told.orAfter((own) => clock.wait(Math.min(left, everyMs), AbortSignal.any([signal, own])));
    }
  } finally {
    stop();
  }
}

/** Throws when one of the instances has ended or its probe fails. */
export async function judgeInstances(
  { ctx }: Scope,
  { service, instances }: Pick<Watch, 'service' | 'instances'>,
): Promise<void> {
  for (const instance of instances.filter((id) => !ctx.tolerated.has(id))) {
    const entry = ctx.parts.book.entry(ctx.project, instance);
    if (entry?.exit !== undefined) {
      const { code, signal, outOfMemory } = entry.exit;
      const what = said('OBSERVED_ENDED', { service, instance, code, signal, outOfMemory });
      throw new WitnessedFailure(what, await gatherEvidence(ctx, instance));
    }
    if (entry?.health.state === 'unhealthy')
      throw new WitnessedFailure(
        said('OBSERVED_UNHEALTHY', { service, instance }),
        await gatherEvidence(ctx, instance),
      );
  }
}

/** The share of 5xx among the answers since the watch began. */
class ErrorShare {
  readonly #scope: Scope;
  readonly #watch: Watch;
  readonly #last = new Map<string, ServerCounters>();
  #requests = 0;
  #errors = 0;

  constructor(scope: Scope, watch: Watch) {
    this.#scope = scope;
    this.#watch = watch;
  }

  async judge(): Promise<void> {
    const { ctx } = this.#scope;
    const { service, instances } = this.#watch;
    const backends = backendsOf(ctx.project, service, ctx.parts.traffic.of(ctx.project)[service]);
    if (backends.length === 0) return;
    for (const now of await ctx.parts.world.balancer.observe(backends))
      if (instances.includes(now.server)) this.#add(now);
    const { errorRatio, minRequests } = ctx.wanted(service).observe;
    if (this.#requests < minRequests || this.#errors <= errorRatio * this.#requests) return;
    const facts = { service, errors: this.#errors, requests: this.#requests, limit: errorRatio };
    throw new WitnessedFailure(said('OBSERVED_ERRORS', facts), await gatherEvidence(ctx, instances[0] ?? service));
  }

  /** Counters begin anew when the proxy does: a smaller one counts from zero. */
  #add(now: ServerCounters): void {
    const key = `${now.backend} ${now.server}`;
    const before = this.#last.get(key);
    this.#last.set(key, now);
    if (before === undefined) return;
    const restarted = now.requests < before.requests;
    this.#requests += now.requests - (restarted ? 0 : before.requests);
    this.#errors += now.serverErrors - (restarted ? 0 : before.serverErrors);
  }
}
