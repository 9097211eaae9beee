import type { Backend, BackendId, Listener, Route, RouteTable, Server } from '#model/route.ts';
import type { Member, ProjectTraffic, PublishedPort, ServiceTraffic } from '#model/traffic.ts';
import { holdOf } from './edits.ts';

interface Input {
  readonly projects: Readonly<Record<string, ProjectTraffic>>;
  /** Must the instance get nothing new now, because it ended or its probe fails? */
  readonly isSick: (project: string, instance: string) => boolean;
  /** Where published ports listen that name no address. */
  readonly edgeAddress: string;
}

/**
 * Everything the proxy must carry, from the traffic of every project. A sick instance takes no new requests, unless
 * all of its service are: then they keep what they had, because a proxy without servers answers nothing at all.
 */
export function renderTable(input: Input): RouteTable {
  const backends: Record<BackendId, Backend> = {};
  const listeners: Listener[] = [];
  const routes: Route[] = [];
  for (const [project, services] of Object.entries(input.projects)) {
    for (const [service, traffic] of Object.entries(services)) {
      for (const backend of backendsOf({ project, service, traffic, isSick: input.isSick }))
        backends[backend.id] = backend;
      listeners.push(...listenersOf({ project, service, traffic, edgeAddress: input.edgeAddress }));
      routes.push(...traffic.exposure.routes);
    }
  }
  return { backends, listeners, routes };
}

interface OfService {
  readonly project: string;
  readonly service: string;
  readonly traffic: ServiceTraffic;
}

function backendsOf({ project, service, traffic, isSick }: OfService & Pick<Input, 'isSick'>): Backend[] {
  const held = holdOf(traffic);
  return traffic.endpoints.map((endpoint) => ({
    id: `${project}/${service}:${endpoint.port}`,
    project,
    service,
    port: endpoint.port,
    protocol: endpoint.protocol,
    balance: traffic.balance,
    servers: serversAt(traffic.members, endpoint.port, (id) => isSick(project, id)),
    ...(traffic.canary === undefined ? {} : { canary: traffic.canary }),
    ...(held === undefined ? {} : { held }),
  }));
}

function serversAt(members: readonly Member[], port: number, isSick: (id: string) => boolean): Server[] {
  const here = members.filter((member) => member.ports.includes(port));
  const anyWell = here.some((member) => member.share === 'serving' && !isSick(member.id));
  return here.flatMap((member) =>
    member.address === undefined
      ? []
      : [{ id: member.id, address: member.address, port, state: stateOf(member), ...shareOf(member) }],
  );

  function stateOf(member: Member): Server['state'] {
    if (member.share === 'closing') return 'maint';
    if (member.share === 'leaving') return 'drain';
    return anyWell && isSick(member.id) ? 'drain' : 'ready';
  }
}

/** Where the proxy listens for a published port: there, or where connections to it are diverted to. */
function portsOf({ port, via, moving }: PublishedPort): readonly number[] {
  if (via === undefined) return [port];
  return moving === true ? [port, via] : [via];
}

function shareOf({ weight, side }: Member): Pick<Server, 'weight' | 'side'> {
  return side === undefined ? { weight } : { weight, side };
}

function listenersOf(input: OfService & Pick<Input, 'edgeAddress'>): Listener[] {
  const { project, service, traffic, edgeAddress } = input;
  const ports = new Set(traffic.endpoints.map((endpoint) => endpoint.port));
  const address = traffic.address;
  const inner: Listener[] =
    address === undefined
      ? []
      : [...ports].map((port) => ({ kind: 'neighbour', address, port, backend: `${project}/${service}:${port}` }));
  const outer = traffic.exposure.published
    .filter((published) => ports.has(published.target))
    .flatMap((published) =>
      portsOf(published).map(
        (port): Listener => ({
          kind: 'published',
          address: published.address ?? edgeAddress,
          port,
          backend: `${project}/${service}:${published.target}`,
        }),
      ),
    );
  return [...inner, ...outer];
}
