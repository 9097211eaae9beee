import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { ProxyOptions } from '#balancer/options.ts';
import { addressesOf } from '#balancer/sockets.ts';
import { fail, reasonOf, type TimonelError } from '#core/errors.ts';
import type { RouteTable } from '#model/route.ts';
import { hostAddresses } from './host-addresses.ts';
import { findPortHolder, isHeldBy } from './port-holder.ts';

/** An address on which a table makes the proxy listen. */
export interface Bind {
  readonly address: string;
  readonly port: number;
}

type Edge = ProxyOptions['edge'];
type Pids = ReadonlySet<number>;

/** Where the proxy listens for this table. */
export function bindsOf(table: RouteTable, edge: Edge): Bind[] {
  const secure = table.routes.some((route) => route.entries.includes('https'));
  return [
    ...table.listeners.map(({ address, port }) => ({ address, port })),
    ...(table.routes.length > 0 ? [httpBind(edge)] : []),
    ...(secure ? [httpsBind(edge)] : []),
  ];
}

function httpBind(edge: Edge): Bind {
  return { address: edge.address, port: edge.httpPort };
}

function httpsBind(edge: Edge): Bind {
  return { address: edge.address, port: edge.httpsPort };
}

/**
 * Tries every bind that the proxy does not have yet. A reload with one that fails would refuse connections on all
 * ports for a second, because HAProxy pauses its listeners while it tries again and again (measured with 2.6).
 *
 * @throws PROXY_PORT_TAKEN, PROXY_PORT_PRIVILEGED or PROXY_CANNOT_LISTEN for the first that cannot be had
 */
export async function requireBindable(binds: readonly Bind[], ours: Pids): Promise<void> {
  for (const bind of binds) {
    if (isHeldBy(bind.address, bind.port, ours)) continue;
    const obstacle = await obstacleTo(bind, ours);
    if (obstacle !== undefined) throw obstacle;
  }
}

/**
 * The table without what cannot be listened on now. For a proxy that died and comes back: one stolen port must not
 * keep everything else down.
 */
export async function bindablePart(table: RouteTable, edge: Edge): Promise<RouteTable> {
  const free = async (bind: Bind) => (await obstacleTo(bind, new Set())) === undefined;
  const listeners = await Promise.all(table.listeners.map(async (one) => ((await free(one)) ? [one] : [])));
  // The HTTP entry also carries the way to HTTPS, so no route can do without it.
  const http = table.routes.length > 0 && (await free(httpBind(edge)));
  const https = http && (await free(httpsBind(edge)));
  return {
    ...table,
    listeners: listeners.flat(),
    routes: table.routes.filter((route) => (route.entries.includes('https') ? https : http)),
  };
}

async function obstacleTo({ address, port }: Bind, ours: Pids): Promise<TimonelError | undefined> {
  // Asked first: a holder with SO_REUSEPORT would let us in and share its connections with us.
  const holder = findPortHolder(address, port, ours);
  if (holder !== undefined) return fail('PROXY_PORT_TAKEN', { address, port, ...holder });
  const error = await tryBind({ address, port });
  if (error === undefined) return undefined;
  if (error.code === 'EACCES') return fail('PROXY_PORT_PRIVILEGED', { port, first: firstFreePort() }, { cause: error });
  return fail('PROXY_CANNOT_LISTEN', { address, port, reason: reasonOf(error) }, { cause: error });
}

async function tryBind({ address, port }: Bind): Promise<NodeJS.ErrnoException | undefined> {
  for (const one of addressesOf(address, hostAddresses())) {
    const error = await tryListen(one, port);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** Listens for a moment, to see whether it can be done at all. */
function tryListen(address: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', resolve);
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** The first port that may be listened on without root (usually 1024). */
function firstFreePort(): number {
  return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
}
