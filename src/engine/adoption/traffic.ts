import { type Finding, finding } from '#core/finding.ts';
import type { Route } from '#model/route.ts';
import type { Member, ProjectTraffic, PublishedPort, ServiceTraffic } from '#model/traffic.ts';
import { newTraffic } from '#rollout/traffic/edits.ts';
import type { Parts } from '../execute/context.ts';
import type { AdoptedService } from './survey.ts';

/** Equal shares, as planned instances get. */
const fullWeight = 100;

interface Input {
  readonly services: readonly AdoptedService[];
  readonly release: number;
  readonly published: Readonly<Record<string, readonly PublishedPort[]>>;
  readonly routes: readonly Route[];
  readonly addressOf: (service: string) => Promise<string>;
}

/** What the proxy is to carry for the adopted services: their containers serve, under the ports that they have. */
export async function trafficOf({ services, release, published, routes, addressOf }: Input): Promise<ProjectTraffic> {
  const entries = services.map(async (one): Promise<[string, ServiceTraffic]> => {
    const { name, endpoints } = one.spec;
    const address = endpoints.length === 0 ? undefined : await addressOf(name);
    const exposure = {
      routes: routes.filter((route) => route.service === name),
      published: published[name] ?? [],
    };
    return [name, { ...newTraffic(one.spec, address), exposure, members: membersOf(one, release) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function membersOf({ spec, containers }: AdoptedService, release: number): readonly Member[] {
  if (spec.oneShot) return [];
  return containers.map(({ address }, index) => ({
    id: `${spec.name}-r${release}-${index + 1}`,
    release,
    address,
    ports: spec.endpoints.map((endpoint) => endpoint.port),
    weight: fullWeight,
    share: 'serving',
  }));
}

/** Routes at the edge, as far as nobody else holds the edge's ports: a proxy of the stack itself may still do so. */
export async function carriedRoutes(
  { world }: Pick<Parts, 'world'>,
  services: readonly AdoptedService[],
): Promise<{ readonly carried: readonly Route[]; readonly findings: readonly Finding[] }> {
  const { edge, balancer } = world;
  const routes = services.flatMap(({ spec }) => spec.routes);
  const entries = [...new Set(routes.flatMap((route) => route.entries))];
  const findings: Finding[] = [];
  const open = new Set<string>();
  for (const entry of entries) {
    const port = entry === 'http' ? edge.httpPort : edge.httpsPort;
    const holder = await balancer.portHolder(edge.address, port);
    const user = routes.find((route) => route.entries.includes(entry));
    if (holder === undefined) open.add(entry);
    else if (user !== undefined)
      findings.push(finding('warning', 'ADOPT_EDGE_TAKEN', { service: user.service, port, holder: holder.name }));
  }
  return { carried: routes.filter((route) => route.entries.every((entry) => open.has(entry))), findings };
}
