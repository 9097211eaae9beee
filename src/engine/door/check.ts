import { fail } from '#core/errors.ts';
import type { PublishedPort } from '#model/traffic.ts';
import { kindsOf } from '../observe.ts';
import type { Scope } from './scope.ts';

/** Throws the first reason why the deployment cannot work: nothing has changed yet. */
export async function check(scope: Scope): Promise<void> {
  const { ctx } = scope;
  const { runtimes, balancer } = ctx.parts.world;
  for (const kind of kindsOf(ctx.target?.services ?? {})) {
    const runtime = runtimes[kind];
    if (runtime === undefined) throw fail('RUNTIME_MISSING', { runtime: kind });
    await runtime.ready();
  }
  await checkPorts(scope);
  await balancer.ensureRunning();
}

interface Wanted extends PublishedPort {
  readonly service: string;
}

async function checkPorts({ ctx }: Scope): Promise<void> {
  const { balancer, edge } = ctx.parts.world;
  for (const { service, address = edge.address, port } of newPorts(ctx.plan.exposures, ctx.plan.baseline)) {
    const owner = publisher(ctx.parts.traffic.all(), ctx.project, port);
    if (owner !== undefined) throw fail('PORT_OF_OTHER_PROJECT', { service, port, owner });
    const holder = await balancer.portHolder(address, port);
    if (holder !== undefined) throw fail('PORT_TAKEN', { service, address, port, ...holder });
  }
  for (const port of edgePorts(ctx.plan.exposures, edge)) {
    const holder = await balancer.portHolder(edge.address, port.port);
    if (holder !== undefined) throw fail('PORT_TAKEN', { ...port, address: edge.address, ...holder });
  }
}

type Exposures = Scope['ctx']['plan']['exposures'];

function newPorts(exposures: Exposures, baseline: Scope['ctx']['plan']['baseline']): readonly Wanted[] {
  const published = new Set(
    Object.values(baseline).flatMap((traffic) => traffic.exposure.published.map((one) => one.port)),
  );
  return Object.entries(exposures).flatMap(([service, exposure]) =>
    exposure.published.filter((one) => !published.has(one.port)).map((one) => ({ service, ...one })),
  );
}

function publisher(
  projects: ReturnType<Scope['ctx']['parts']['traffic']['all']>,
  own: string,
  port: number,
): string | undefined {
  for (const [project, services] of Object.entries(projects)) {
    if (project === own) continue;
    for (const [service, traffic] of Object.entries(services))
      if (traffic.exposure.published.some((one) => one.port === port)) return `${project}/${service}`;
  }
  return undefined;
}

/** The edge's own ports, once a route needs them. */
function edgePorts(
  exposures: Exposures,
  edge: { readonly httpPort: number; readonly httpsPort: number },
): readonly { readonly service: string; readonly port: number }[] {
  const entries = Object.entries(exposures).flatMap(([service, exposure]) =>
    exposure.routes.flatMap((route) => route.entries.map((entry) => ({ service, entry }))),
  );
  const first = (wanted: 'http' | 'https') => entries.find((one) => one.entry === wanted)?.service;
  return (['http', 'https'] as const).flatMap((entry) => {
    const service = first(entry);
    const port = entry === 'http' ? edge.httpPort : edge.httpsPort;
    return service === undefined ? [] : [{ service, port }];
  });
}
