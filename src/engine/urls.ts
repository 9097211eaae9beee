import type { Match, Route } from '#model/route.ts';
import type { ProjectTraffic, PublishedPort, ServiceTraffic } from '#model/traffic.ts';
import type { Edge } from '#world/world.ts';

/** Where the project answers: what a user types into a browser. */
export function urlsOf(traffic: ProjectTraffic, edge: Edge): readonly string[] {
  return [...new Set(Object.values(traffic).flatMap((service) => serviceUrls(service, edge)))];
}

/** Where one service answers. */
export function serviceUrls(traffic: ServiceTraffic, edge: Edge): readonly string[] {
  const routed = traffic.exposure.routes.flatMap((route) => routeUrls(route, edge));
  const published = traffic.exposure.published.map((one) => publishedUrl(one, traffic, edge));
  return [...new Set([...routed, ...published])];
}

function routeUrls(route: Route, edge: Edge): readonly string[] {
  const hosts = valuesOf(route.match, 'host');
  const paths = valuesOf(route.match, 'path');
  const entry = route.tls.kind !== 'none' || !route.entries.includes('http') ? 'https' : 'http';
  const port = entry === 'http' ? edge.httpPort : edge.httpsPort;
  const usual = entry === 'http' ? 80 : 443;
  const suffix = port === usual ? '' : `:${port}`;
  return (hosts.length > 0 ? hosts : [reachable(edge.address)]).flatMap((host) =>
    (paths.length > 0 ? paths : ['/']).map((path) => `${entry}://${host}${suffix}${path}`),
  );
}

/** Hosts or paths that a route names, wherever they stand in it; what it excludes does not count. */
function valuesOf(match: Match, what: 'host' | 'path'): readonly string[] {
  switch (match.kind) {
    case 'host':
      return what === 'host' ? [match.name] : [];
    case 'path':
      return what === 'path' ? [match.path] : [];
    case 'path-prefix':
      return what === 'path' ? [match.prefix] : [];
    case 'all':
    case 'any':
      return match.of.flatMap((one) => valuesOf(one, what));
    default:
      return [];
  }
}

function publishedUrl(published: PublishedPort, traffic: ServiceTraffic, edge: Edge): string {
  const protocol = traffic.endpoints.find((endpoint) => endpoint.port === published.target)?.protocol ?? 'tcp';
  return `${protocol}://${reachable(published.address ?? edge.address)}:${published.port}${protocol === 'http' ? '/' : ''}`;
}

/** An address to type: everywhere is here, seen from this machine. */
function reachable(address: string): string {
  if (address === '0.0.0.0' || address === '' || address === '::') return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
