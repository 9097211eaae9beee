import type { BackendId, Listener, Route } from '#model/route.ts';

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
  const parts = /^([^.:][^:]*):([^:]+):(\d+)$/.exec(name);
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

/** What the variable `txn.route` holds for a request that took this route: its backend, then the route itself. */
export function routeMark(route: Route): string {
  return `${proxyName(`${route.project}/${route.service}:${route.port}`)}|${route.project}/${route.name}`;
}

/** The route's name in a mark. */
export function routeNameOf(mark: string): string {
  return mark.slice(mark.lastIndexOf('/') + 1);
}
