import { responseHeaders } from './headers.ts';
import { type Hosts, hostKeys, hostRank, readHosts } from './hosts.ts';
import { type Entry, entriesOf } from './listens.ts';
import { type Around, type FoundLocation, readLocations } from './locations.ts';
import type { Directive } from './parse.ts';
import { placeRank } from './places.ts';
import { isOnlyHttps, type Redirect, redirectOf } from './redirects.ts';
import type { ImportedRoute, RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';
import { tlsOf } from './tls.ts';

/** One `server` block, read but not yet joined with the others. */
export interface Server {
  readonly directive: Directive;
  readonly scope: Scope;
  readonly hosts: Hosts;
  readonly entries: ReadonlySet<Entry>;
  readonly tls: RouteSetting['tls'];
  /** Every request is sent elsewhere. */
  readonly redirect: Redirect | undefined;
  readonly locations: readonly FoundLocation[];
}

export function readServer(directive: Directive, http: Scope, around: Around): Server {
  const scope = http.inside(directive.block ?? []);
  const hosts = readHosts(scope);
  const entries = entriesOf(scope);
  const tls = entries.has('https') ? tlsOf(scope, around) : undefined;
  const redirect = redirectOf(scope, hosts.names[0]);
  const inside = { ...around, variables: around.variables.with(scope) };
  const locations = redirect === undefined ? readLocations(directive, scope, inside) : [];
  if (redirect !== undefined) for (const one of scope.own('location')) leaveUnreached(one, scope);
  return { directive, scope, hosts, entries, tls, redirect, locations };
}

/** Beside a redirect of the whole server only what certbot needed is ever written, and it is answered before. */
function leaveUnreached(location: Directive, { ledger }: Scope): void {
  if (location.args.some((one) => one.startsWith('/.well-known/acme-challenge'))) ledger.leave(location, 'acme');
  else ledger.takeWhole(location);
}

/** The routes of all servers together: a redirect goes to the service that answers where it leads. */
export function routesOf(servers: readonly Server[]): readonly ImportedRoute[] {
  const ranked = needRanks(servers);
  return servers.flatMap((server) => {
    if (server.redirect !== undefined) return redirectRoute(server, server.redirect, servers);
    return server.locations.flatMap((location, index) => locationRoute({ server, location, index, servers, ranked }));
  });
}

/** Do the lengths of the rules give another order than nginx's? */
function needRanks(servers: readonly Server[]): boolean {
  const all = servers.flatMap((one) => one.locations);
  const differ = all.some(({ place }) => place.kind !== 'prefix' || place.beforePatterns) && all.length > 1;
  const routed = servers.filter((one) => one.locations.length > 0 || one.redirect !== undefined);
  return differ || new Set(routed.map((one) => hostRank(one.hosts))).size > 1;
}

interface Placed {
  readonly server: Server;
  readonly location: FoundLocation;
  readonly index: number;
  readonly servers: readonly Server[];
  readonly ranked: boolean;
}

function locationRoute({ server, location, index, servers, ranked }: Placed): readonly ImportedRoute[] {
  const { found, place, directive } = location;
  const behind =
    found.kind === 'pass' ? { service: found.target.service, port: found.target.port } : answering(server, servers);
  if (behind === undefined) {
    server.scope.ledger.leave(directive, 'alone');
    return [];
  }
  const priority = hostRank(server.hosts) + placeRank(place, index);
  const setting = inOrder({
    ...server,
    own: { ...location.setting, port: behind.port, ...(ranked ? { priority } : {}) },
  });
  return [{ service: behind.service, at: directive.at, origin: originOf(directive), setting }];
}

function redirectRoute(server: Server, redirect: Redirect, servers: readonly Server[]): readonly ImportedRoute[] {
  const { ledger } = server.scope;
  const isOwn = isOnlyHttps(redirect.target, server.hosts.names) && !server.entries.has('https');
  if (isOwn && servers.some((one) => one.entries.has('https') && covers(one.hosts, server.hosts))) {
    ledger.change(redirect.directive, 'https');
    return [];
  }
  const behind = answering(server, servers, redirect.target);
  if (behind === undefined) {
    ledger.leave(redirect.directive, 'alone');
    return [];
  }
  const own = { port: behind.port, redirect: redirect.setting, ...responseHeaders(server.scope) };
  const setting = inOrder({ ...server, own });
  return [{ service: behind.service, at: server.directive.at, origin: 'server', setting }];
}

function covers(hosts: Hosts, asked: Hosts): boolean {
  return hosts.names.length + hosts.patterns.length === 0 || asked.names.every((one) => hosts.names.includes(one));
}

/** A service that requests of this server reach anyway, else that of the server a redirect leads to, else the only one. */
function answering(server: Server, servers: readonly Server[], target = '') {
  const host = /^https?:\/\/([^/$]+)/.exec(target)?.[1];
  const meant = servers.filter((one) => host !== undefined && one.hosts.names.includes(host));
  const same = servers.filter((one) => one.hosts.names.some((name) => server.hosts.names.includes(name)));
  const near = [server, ...meant, ...same].flatMap(targetsOf)[0];
  if (near !== undefined) return near;
  const all = servers.flatMap(targetsOf);
  return new Set(all.map((one) => one.service)).size === 1 ? all[0] : undefined;
}

function targetsOf({ locations }: Server) {
  return locations.flatMap(({ found }) => (found.kind === 'pass' ? [found.target] : []));
}

function originOf({ name, args }: Directive): string {
  return [name, ...args].join(' ');
}

interface Parts extends Pick<Server, 'hosts' | 'entries' | 'tls'> {
  readonly own: RouteSetting;
}

const keyOrder = [
  ...['host', 'path', 'rule', 'port', 'scheme', 'tls', 'entries', 'priority', 'balance', 'allow', 'basicAuth'],
  ...['rateLimit', 'inFlight', 'redirect', 'maxBody', 'timeout', 'retry', 'stripPrefix', 'rewrite', 'requestHeaders'],
  ...['responseHeaders', 'compress', 'sticky'],
];

/** Joins the server's keys with the location's, in the order in which a reader looks for them. */
function inOrder({ hosts, entries, tls, own }: Parts): RouteSetting {
  const server = hostKeys(hosts);
  const rule = [server.rule, own.rule].filter((one) => one !== undefined).join(' && ');
  const both = entries.size > 1 ? { entries: ['http', 'https'] } : {};
  const joined: Readonly<Record<string, unknown>> = {
    ...server,
    ...own,
    ...(rule === '' ? {} : { rule }),
    ...(tls === undefined ? {} : { tls }),
    ...both,
    // A route must say something about the requests that it takes.
    ...(server.host === undefined && rule === '' && own.path === undefined ? { path: '/' } : {}),
  };
  const keys = Object.keys(joined).toSorted((a, b) => keyOrder.indexOf(a) - keyOrder.indexOf(b));
  return Object.fromEntries(keys.map((key) => [key, joined[key]])) as RouteSetting;
}
