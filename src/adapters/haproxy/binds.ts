import { readFileSync } from 'node:fs';
import type { ProxyOptions } from '#balancer/options.ts';
import { fail } from '#core/errors.ts';
import type { RouteTable } from '#model/route.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';

/** An address on which a table makes the proxy listen. */
export interface Bind {
  readonly address: string;
  readonly port: number;
}

type Edge = ProxyOptions['edge'];

/** Where the proxy listens for this table. */
export function bindsOf(table: RouteTable, edge: Edge): Bind[] {
  const secure = table.routes.some((route) => route.entries.includes('https'));
  return [
    ...table.listeners,
    ...(table.routes.length > 0 ? [{ address: edge.address, port: edge.httpPort }] : []),
    ...(secure ? [{ address: edge.address, port: edge.httpsPort }] : []),
  ];
}

/** @throws PROXY_PORT_TAKEN or PROXY_PORT_PRIVILEGED for the first bind that cannot be had */
export function requireBindable(binds: readonly Bind[], ours: ReadonlySet<number>): void {
  const first = firstFreePort();
  for (const { address, port } of binds) {
    if (port < first) throw fail('PROXY_PORT_PRIVILEGED', { port, first });
    const holder = findPortHolder(address, port, ours);
    if (holder !== undefined) throw fail('PROXY_PORT_TAKEN', { address, port, ...holder });
  }
}

/**
 * The table without what cannot be listened on now. For a proxy that died and comes back: one stolen port must not
 * keep everything else down.
 */
export function bindablePart(table: RouteTable, edge: Edge, ours: ReadonlySet<number>): RouteTable {
  const blocked = (address: string, port: number): PortHolder | undefined => findPortHolder(address, port, ours);
  const http = blocked(edge.address, edge.httpPort);
  const https = blocked(edge.address, edge.httpsPort);
  return {
    ...table,
    listeners: table.listeners.filter((one) => blocked(one.address, one.port) === undefined),
    // Routes of both entries need both; the HTTP one also carries the way to HTTPS.
    routes:
      http !== undefined ? [] : table.routes.filter((one) => https === undefined || !one.entries.includes('https')),
  };
}

/** The first port that we may listen on: 1 for root, else what the kernel says (usually 1024). */
function firstFreePort(): number {
  if (process.getuid?.() === 0) return 1;
  return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
}
