import { fingerprint } from '#core/hash.ts';
import type { Listener, Route, RouteTable } from '#model/route.ts';
import { policyOf, serverOptionsOf, serversOf } from './backend-policy.ts';
import { backendSection, serverLines } from './backend-section.ts';
import { canaryEntries, canaryMapText } from './canary.ts';
import { counterHandoverSection } from './counter-handover.ts';
import { renderEdge } from './edge-section.ts';
import { eventsSection } from './events-section.ts';
import { handoverDoors, waysIn } from './handover-doors.ts';
import { holdMapText, holdsOf } from './holds.ts';
import { listenerSection } from './listener-section.ts';
import type { ProxyOptions, ReadyCertificate } from './options.ts';
import { innerDoors } from './policy/outer-section.ts';
import { hasOuterSide } from './policy/sides.ts';
import { defaultsSections, processSection } from './process-section.ts';
import { inOrder } from './route-choice.ts';
import { withoutServices } from './sockets.ts';

/** The files that make a proxy carry a table. */
export interface Rendering {
  readonly config: string;
  readonly holdMap: string;
  readonly canaryMap: string;
  readonly certificateList: string;
  /** By file name below the folder of maps. */
  readonly maps: Readonly<Record<string, string>>;
  /** Equal structures differ at most in what the runtime socket can change: instances, holds, contents of certificates. */
  readonly structure: string;
}

interface Input {
  readonly table: RouteTable;
  readonly options: ProxyOptions;
  readonly certificates: readonly ReadyCertificate[];
}

/** Writes the whole configuration. Equal tables give equal text, whatever the order of their parts. */
export function renderProxy({ table, options: given, certificates }: Input): Rendering {
  const hostAddresses = withoutServices(given.hostAddresses, table);
  const options = { ...given, hostAddresses, trustedProxies: trustedBy(given, table) };
  const backends = Object.values(table.backends).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const sections = backends.map((backend) => {
    const policy = policyOf(backend, table, options);
    return {
      lines: [...policy.sections, ...backendSection({ backend, policy, options })],
      servers: serverLines(serversOf(backend, table), serverOptionsOf(backend, table)),
    };
  });
  const routes = carried(table.routes, table);
  const edge = renderEdge(routes, options);
  const maps = { ...edge.maps, ...waysIn(inOrder(routes), listeners(table)) };
  const front = [
    ...eventsSection(),
    ...counterHandoverSection(options),
    ...defaultsSections(),
    ...handoverDoors(options),
    ...(table.routes.some(hasOuterSide) ? innerDoors(options) : []),
    ...edge.lines,
    ...listeners(table).flatMap((one) => listenerSection(one, protocolOf(one, table), options)),
  ];
  const certificateList = certificates.map((one) => [one.file, ...one.hosts].join(' ')).join('\n');
  const fixed = [...processSection(options, ''), ...front, ...sections.flatMap((one) => one.lines)];
  const structure = fingerprint([fixed, maps, certificateList]);
  const lines = [
    ...processSection(options, structure),
    ...front,
    ...sections.flatMap(({ lines, servers }) => [...lines, ...servers]),
  ];
  return {
    config: `${lines.join('\n')}\n`,
    holdMap: holdMapText(holdsOf(table)),
    canaryMap: canaryMapText(canaryEntries(table)),
    maps,
    certificateList: certificateList === '' ? '' : `${certificateList}\n`,
    structure,
  };
}

/** Whoever the home or any of its projects trusts; the edge is the same for all. */
function trustedBy({ trustedProxies }: ProxyOptions, { routes }: RouteTable): readonly string[] {
  return [...new Set([...trustedProxies, ...routes.flatMap((route) => route.trustedProxies ?? [])])].toSorted();
}

/** A route whose backend is not there (yet) would make the proxy answer 503 where 404 is the truth. */
function carried(routes: readonly Route[], table: RouteTable): Route[] {
  return routes.filter(
    (route) => table.backends[`${route.project}/${route.service}:${route.port}`]?.protocol === 'http',
  );
}

function listeners(table: RouteTable): Listener[] {
  const key = (one: Listener) => `${one.address} ${String(one.port).padStart(5, '0')}`;
  return table.listeners
    .filter((one) => table.backends[one.backend] !== undefined)
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function protocolOf(listener: Listener, table: RouteTable) {
  return table.backends[listener.backend]?.protocol ?? 'tcp';
}
