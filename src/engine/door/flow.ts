import { fail } from '#core/errors.ts';
import { said } from '#core/messages/say.ts';
import type { BackendId } from '#model/route.ts';
import type { Rotation, ServiceTraffic } from '#model/traffic.ts';
import { type Located, newTraffic, withClosing, withHold, withoutHold, withRotation } from '#rollout/traffic/edits.ts';
import { runtimesOf } from '../observe.ts';
import { until } from '../waiting.ts';
import type { Scope } from './scope.ts';

/** From now on exactly `rotation` serves, short of those whose gate was allowed to fail. */
export async function route({ ctx }: Scope, service: string, rotation: Rotation): Promise<void> {
  const { traffic } = ctx.parts;
  const instances = new Map((await ctx.observeInstances()).map((one) => [one.id, one]));
  const chosen = rotation.filter((one) => instances.has(one.instance) && !ctx.tolerated.has(one.instance));
  if (chosen.length === 0 && rotation.length > 0) throw fail('NOBODY_READY', { service });
  const locate = (id: string): Located => {
    const instance = instances.get(id);
    if (instance === undefined) throw fail('INSTANCE_GONE', { service, instance: id });
    const ports = ctx.specOf(instance)?.endpoints.map((endpoint) => endpoint.port) ?? [];
    return { id, release: instance.release, address: instance.address, ports };
  };
  const spec = ctx.target?.services[service] ?? ctx.current?.services[service];
  await traffic.edit(ctx.project, service, (now) => {
    const known = now ?? (spec === undefined ? undefined : newTraffic(spec, undefined));
    return known === undefined ? undefined : withRotation(known, chosen, locate);
  });
}

export async function hold({ ctx }: Scope, service: string): Promise<void> {
  const options = (ctx.target?.services[service] ?? ctx.current?.services[service])?.hold;
  if (options === undefined) return;
  await ctx.parts.traffic.edit(ctx.project, service, (now) => now && withHold(now, options));
}

export async function unhold({ ctx }: Scope, service: string): Promise<void> {
  await ctx.parts.traffic.edit(ctx.project, service, (now) => now && withoutHold(now));
}

/** Waits until nothing of the instance is in flight, or its grace has passed; then closes it altogether. */
export async function drain(scope: Scope, service: string, id: string): Promise<void> {
  const { ctx } = scope;
  const { traffic } = ctx.parts;
  const member = traffic.of(ctx.project)[service]?.members.find((one) => one.id === id);
  if (member === undefined) return;
  if (member.share === 'serving') await traffic.edit(ctx.project, service, (now) => now && withLeaving(now, id));
  await untilIdle(scope, service, id);
  await traffic.edit(ctx.project, service, (now) => now && withClosing(now, id));
}

function withLeaving(now: ServiceTraffic, id: string): ServiceTraffic {
  const members = now.members.map((one) => (one.id === id ? ({ ...one, share: 'leaving' } as const) : one));
  return { ...now, members };
}

async function untilIdle(scope: Scope, service: string, id: string): Promise<void> {
  const { ctx, signal, startedAt, progress } = scope;
  const { clock } = ctx.parts.world;
  const instance = await ctx.find(id);
  const graceMs = (instance && ctx.specOf(instance)?.stopGraceMs) ?? 10_000;
  const deadline = startedAt + graceMs;
  const backends = backendsOf(ctx.project, service, ctx.parts.traffic.of(ctx.project)[service]);
  let told = -1;
  const idle = async (): Promise<boolean> => {
    if (backends.length === 0 || clock.now() >= deadline || instance?.state !== 'running') return true;
    const counters = await ctx.parts.world.balancer.observe(backends);
    const through = counters.filter((one) => one.server === id).reduce((sum, one) => sum + one.sessions, 0);
    const sessions = through + (await sessionsBeside(scope, id));
    if (sessions > 0 && sessions !== told) progress(said('PROGRESS_DRAIN', { instance: id, sessions }));
    told = sessions;
    return sessions === 0;
  };
  await until(idle, { clock, signal, fastestMs: 20, slowestMs: 250 });
}

/** Connections of an adopted instance that were open before it was, and so do not pass the proxy. */
async function sessionsBeside({ ctx }: Scope, id: string): Promise<number> {
  const counts = runtimesOf(ctx.parts.world).map(
    (runtime) => runtime.adoption?.directConnections(ctx.project, id) ?? 0,
  );
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}

export function backendsOf(
  project: string,
  service: string,
  traffic: ServiceTraffic | undefined,
): readonly BackendId[] {
  return (traffic?.endpoints ?? []).map((endpoint): BackendId => `${project}/${service}:${endpoint.port}`);
}
