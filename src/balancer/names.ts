import { fingerprint } from '#core/hash.ts';
import type { BackendId, Listener, Route } from '#model/route.ts';
import { hasOuterSide } from './policy/sides.ts';

/*
 * Names inside the proxy. A slash separates backend and server on its socket, so a backend is called
 * `project:service:port` there. What begins with a dot is ours: no project or instance can be called so.
 */

/** The proxy's name of a backend. */
export function proxyName(id: BackendId): string {
  return id.replace('/', ':');
}

/** The backend that the proxy calls `name`, or undefined for what is no backend of a service. */
export function backendOf(name: string): BackendId | undefined {
  const parts = /^([^.:][^:]*):([^:]+):(\d+)(?::[0-9a-f]+)?$/.exec(name);
  return parts === null ? undefined : `${parts[1]}/${parts[2]}:${Number(parts[3])}`;
}

export function listenerName(listener: Pick<Listener, 'address' | 'port'>): string {
  return `.listen-${listener.address}:${listener.port}`;
}

/** The server in every backend that hands requests of a stopping worker to its successor. */
export const handoverServer = '.handover';

/** With what the names of the doors for those requests begin. */
export const handoverFrontend = '.handover-';

/** The server that hands a body of unknown length to where it is counted, and that door's own name. */
export const measuringServer = '.handover-measured';

/** The server that hands a request on to the inner side of its route's policy, and that door's own name. */
export const innerServer = '.handover-inner';

/** The door through which the pages of `error-pages` are asked for. */
export const pagesDoor = '.handover-pages';

/** The server behind it that leads to the service of the pages, and that door's own name. */
export const pageServer = '.handover-page';

/** What a route is called in tables, maps and samples. */
export function policyId(route: Pick<Route, 'project' | 'name'>): string {
  return fingerprint([route.project, route.name]);
}

/** The proxy's name of the backend that takes a route's requests first. */
export function firstBackend(route: Route): string {
  const name = proxyName(`${route.project}/${route.service}:${route.port}`);
  return hasOuterSide(route) ? `${name}:${policyId(route)}` : name;
}

/** A route among those of all projects. */
export function routeKey(route: Pick<Route, 'project' | 'name'>): string {
  return `${route.project}/${route.name}`;
}

/** What the variable `txn.route` holds for a request that took this route: its first backend, then the route itself. */
export function routeMark(route: Route): string {
  return `${firstBackend(route)}|${routeKey(route)}`;
}

/** The route's name in a mark. */
export function routeNameOf(mark: string): string {
  return mark.slice(mark.lastIndexOf('/') + 1);
}
