import type { Backend, Route, RouteTable, Server } from '#model/route.ts';
import { proxyName } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { type BackendPolicy, renderPolicies } from './policy/render-policy.ts';
import { inOrder } from './route-choice.ts';

/** What the routes to a backend ask of it, rendered. */
export function policyOf(backend: Backend, table: RouteTable, options: ProxyOptions): BackendPolicy {
  return renderPolicies(inOrder(routesTo(backend, table)), proxyName(backend.id), options);
}

/**
 * What is written after an instance's address, in the configuration and when it is added at runtime.
 *
 * Kept connections to an instance live a second without work: an instance that closes its own after two never meets a
 * request on one, and one that is to go is soon let go of.
 */
export function serverOptionsOf(backend: Backend, table: RouteTable): string {
  const encrypted = routesTo(backend, table).some((route) => route.policy?.scheme === 'https');
  return `pool-purge-delay 1s${encrypted ? ' ssl verify none' : ''}`;
}

/** Do clients of this backend stay with their instance? */
export function isSticky(backend: Backend, table: RouteTable): boolean {
  return backend.protocol === 'http' && routesTo(backend, table).some((route) => route.policy?.sticky !== undefined);
}

/**
 * A draining instance still takes requests that carry its cookie; only one in maintenance does not, and that lets what
 * runs end just as well.
 */
export function serversOf(backend: Backend, table: RouteTable): readonly Server[] {
  if (!isSticky(backend, table)) return backend.servers;
  return backend.servers.map((server) => (server.state === 'drain' ? { ...server, state: 'maint' } : server));
}

function routesTo(backend: Backend, table: RouteTable): readonly Route[] {
  if (backend.protocol !== 'http') return [];
  return table.routes.filter((route) => `${route.project}/${route.service}:${route.port}` === backend.id);
}
