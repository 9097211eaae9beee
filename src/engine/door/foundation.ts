import { said } from '#core/messages/say.ts';
import type { StepOf } from '#model/plan.ts';
import type { ServiceTraffic } from '#model/traffic.ts';
import { newTraffic, withExposure, withInner } from '#rollout/traffic/edits.ts';
import { kindsOf, runtimesOf } from '../observe.ts';
import type { Scope } from './scope.ts';

export async function prepare({ ctx, signal, progress }: Scope, service: string): Promise<void> {
  const spec = ctx.wanted(service);
  const runtime = ctx.runtime(spec);
  if (await runtime.isPrepared(spec, ctx.ref)) return;
  await runtime.prepare(spec, ctx.ref, (line) => progress(said('PROGRESS_LINE', { line })), signal);
}

export async function ensureProject({ ctx }: Scope): Promise<void> {
  const { target } = ctx;
  if (target === undefined) return;
  for (const kind of kindsOf(target.services))
    await ctx.parts.world.runtimes[kind]?.ensureProject(target.model, ctx.ref);
}

type Listening = Pick<StepOf<'listen'>, 'services' | 'side' | 'publish'>;

/** Opens (`both`), narrows (`target`) or restores (`baseline`) backends and inner addresses of the services. */
export async function listen({ ctx }: Scope, { services, side, publish }: Listening): Promise<void> {
  const { traffic, world } = ctx.parts;
  const changes: Record<string, (now: ServiceTraffic | undefined) => ServiceTraffic | undefined> = {};
  for (const service of services) {
    const spec = ctx.target?.services[service];
    if (side === 'baseline') changes[service] = (now) => restored(now, ctx.plan.baseline[service]);
    else if (spec === undefined) changes[service] = () => undefined;
    else {
      const address = await world.runtimes[spec.runtime]?.serviceAddress(ctx.project, service);
      const exposure = publish === 'now' ? ctx.plan.exposures[service] : undefined;
      changes[service] = (now) => {
        const inner = withInner(now ?? newTraffic(spec, address), spec, side === 'both' ? 'both' : 'only');
        return exposure === undefined ? inner : withExposure(inner, exposure);
      };
    }
  }
  await traffic.editAll(ctx.project, changes);
}

function restored(now: ServiceTraffic | undefined, before: ServiceTraffic | undefined): ServiceTraffic | undefined {
  if (now === undefined || before === undefined) return before;
  return { ...now, endpoints: before.endpoints, balance: before.balance };
}

/** What the outside sees, of all services in one change. */
export async function expose({ ctx }: Scope, side: 'target' | 'baseline' | 'nothing'): Promise<void> {
  const { traffic } = ctx.parts;
  const names = new Set([...Object.keys(traffic.of(ctx.project)), ...Object.keys(ctx.plan.exposures)]);
  const exposureOf = (service: string) => {
    if (side === 'nothing') return undefined;
    return side === 'target' ? ctx.plan.exposures[service] : ctx.plan.baseline[service]?.exposure;
  };
  const changes = [...names].map((service) => [
    service,
    (now: ServiceTraffic | undefined) => (now === undefined ? undefined : withExposure(now, exposureOf(service))),
  ]);
  await traffic.editAll(ctx.project, Object.fromEntries(changes));
}

/** The project leaves proxy and runtimes, the last one takes the proxy along. Volumes stay. */
export async function forgetProject({ ctx }: Scope): Promise<void> {
  const { traffic, world } = ctx.parts;
  const services = Object.keys(traffic.of(ctx.project));
  await traffic.editAll(ctx.project, Object.fromEntries(services.map((service) => [service, () => undefined])));
  for (const parked of world.store.parked())
    if (parked.project === ctx.project) world.store.unpark(ctx.project, parked.instance);
  for (const runtime of runtimesOf(world)) await runtime.removeProject(ctx.project);
  // With the last one nothing of ours is left to run. Whoever comes next starts it again.
  if (Object.keys(traffic.all()).length === 0) await world.balancer.stop();
}
