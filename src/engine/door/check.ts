import { fail } from '#core/errors.ts';
import type { Route } from '#model/route.ts';
import type { PublishedPort, ServiceTraffic } from '#model/traffic.ts';
import { takenRoutes } from '#routing/conflicts.ts';
import { carriedRoutes } from '../carried-routes.ts';
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
  checkRoutes(scope);
  await checkPorts(scope);
  await balancer.ensureRunning();
}

/** Whoever asked first has a route; what the project itself carries already is its own. */
function checkRoutes({ ctx }: Scope): void {
  const carried = carriedRoutes(ctx.parts.traffic.all());
  const asks = ({ match, entries }: Route) => JSON.stringify([match, entries]);
  const own = new Set(carried.filter((one) => one.project === ctx.project).map(asks));
  const wanted = Object.values(ctx.plan.exposures).flatMap((exposure) => exposure.routes);
  const [conflict] = takenRoutes(
    wanted.filter((one) => !own.has(asks(one))),
    carried,
  );
  if (conflict === undefined) return;
  const { route, rival, rule } = conflict;
  throw fail('ROUTE_TAKEN', { route: route.name, rule, owner: `${rival.project}/${rival.service} (${rival.name})` });
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
  const carried = Object.values(ctx.parts.traffic.all()).flatMap((services) => Object.values(services));
  for (const { service, port } of newEdgePorts(ctx.plan.exposures, carried, edge)) {
    const holder = await balancer.portHolder(edge.address, port);
    if (holder !== undefined) throw fail('PORT_TAKEN', { service, port, address: edge.address, ...holder });
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

/** The edge's own ports that a route needs for the first time; those that carry routes already are the proxy's. */
function newEdgePorts(
  exposures: Exposures,
  carried: readonly ServiceTraffic[],
  edge: { readonly httpPort: number; readonly httpsPort: number },
): readonly { readonly service: string; readonly port: number }[] {
  const open = new Set(carried.flatMap((one) => one.exposure.routes.flatMap((route) => route.entries)));
  return (['http', 'https'] as const).flatMap((entry) => {
    const port = entry === 'http' ? edge.httpPort : edge.httpsPort;
    const user = Object.entries(exposures).find(([, exposure]) =>
      exposure.routes.some((route) => route.entries.includes(entry)),
    );
    return user === undefined || open.has(entry) ? [] : [{ service: user[0], port }];
  });
}
