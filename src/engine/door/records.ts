import { releasesToDrop } from '#rollout/retention.ts';
import { servingIds } from '#rollout/traffic/edits.ts';
import { runtimesOf } from '../observe.ts';
import { keptReleases } from '../recorded.ts';
import type { Scope } from './scope.ts';

/** Deployments whose journal and events are kept for reading. */
const keepDeployments = 50;

/** Takes effect in the very transaction that journals the step, so it has happened or it has not. */
export async function commit({ ctx, together }: Scope, as: 'serving' | 'stopped'): Promise<void> {
  const { store } = ctx.parts.world;
  if (as === 'stopped') {
    together(() => store.setStopped(ctx.project, true));
    return;
  }
  const serving = Object.values(ctx.parts.traffic.of(ctx.project)).flatMap((service) => servingIds(service));
  together(() => {
    store.setServing(ctx.project, ctx.plan.to);
    // A warm instance that serves again is warm no longer: its time must not run out.
    for (const id of serving) store.unpark(ctx.project, id);
  });
}

interface Parking {
  readonly service: string;
  readonly instances: readonly string[];
  readonly forMs: number;
}

/** Keeps replaced instances warm; the supervisor retires them when their time is over. */
export async function park({ ctx, startedAt }: Scope, { service, instances, forMs }: Parking): Promise<void> {
  const { store } = ctx.parts.world;
  const releases = new Map((await ctx.observeInstances()).map((one) => [one.id, one.release]));
  store.transaction(() => {
    for (const instance of instances) {
      const release = ctx.plan.from ?? releases.get(instance) ?? ctx.plan.to;
      store.park({ project: ctx.project, service, instance, release, until: startedAt + forMs });
    }
  });
}

/** Frees what no kept release and no instance needs. */
export async function prune({ ctx }: Scope): Promise<void> {
  const { world, options } = ctx.parts;
  const { store } = world;
  const instances = await ctx.observeInstances();
  const inUse = new Set([
    ...instances.map((one) => one.release),
    ...store
      .parked()
      .filter((one) => one.project === ctx.project)
      .map((one) => one.release),
    ctx.plan.to,
  ]);
  const good = store.releases(ctx.project).map((release) => release.number);
  const all = store.releaseNumbers(ctx.project);
  store.deleteReleases(ctx.project, releasesToDrop({ all, good, inUse, keep: options.keepReleases }));
  const sources = keptReleases(store, ctx.project).flatMap((release) =>
    Object.values(release.services).map((spec) => spec.source),
  );
  for (const runtime of runtimesOf(world)) await runtime.prune(ctx.project, sources);
  store.pruneDeployments(ctx.project, keepDeployments);
}
