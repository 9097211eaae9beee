import type { RouteTable } from '#model/route.ts';
import type { ProxyOptions } from './options.ts';

/** An address and port on which the proxy is to listen; the address may be a wildcard. */
export interface Wanted {
  readonly address: string;
  readonly port: number;
}

/** The sockets for it, as HAProxy writes them: `127.0.0.1:80`, `::1:80`. */
export function socketsOf(wanted: Wanted, options: Pick<ProxyOptions, 'hostAddresses'>): readonly string[] {
  return addressesOf(wanted.address, options.hostAddresses).map((address) => `${address}:${wanted.port}`);
}

/** The addresses that a wildcard stands for; any other address stands for itself. */
export function addressesOf(address: string, hostAddresses: readonly string[]): readonly string[] {
  if (address === '0.0.0.0') return hostAddresses.filter((one) => !one.includes(':'));
  if (address === '::' || address === '*') return hostAddresses;
  return [address];
}

/**
 * The host's addresses without those that stand for services: on these the port belongs to the service itself, and two
 * listeners on one socket would share its connections out between two services.
 */
export function withoutServices(hostAddresses: readonly string[], table: RouteTable): readonly string[] {
  const services = new Set(table.listeners.filter((one) => one.kind === 'neighbour').map((one) => one.address));
  return hostAddresses.filter((one) => !services.has(one));
}
