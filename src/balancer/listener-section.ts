import type { Listener, Protocol } from '#model/route.ts';
import { clientRules, connectionRules } from './client-rules.ts';
import { lotRules } from './events-section.ts';
import { cameByListener } from './handover-doors.ts';
import { listenerName, proxyName } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { socketsOf } from './sockets.ts';

/**
 * A published port or a service's own address. Outside clients are told to the instance; a neighbour's request passes
 * as it is.
 */
export function listenerSection(listener: Listener, protocol: Protocol, options: ProxyOptions): string[] {
  const told = protocol === 'http' && listener.kind === 'published';
  return [
    `frontend ${listenerName(listener)} from ${protocol}`,
    ...socketsOf(listener, options).map((one) => `  bind ${one}`),
    `  unique-id-format ${cameByListener}`,
    ...(told ? connectionRules : []),
    ...(protocol === 'http' ? lotRules : []),
    ...(told ? clientRules({ scheme: 'http', port: listener.port }, options) : []),
    ...(protocol === 'http' && !told ? rememberId : []),
    `  default_backend ${proxyName(listener.backend)}`,
  ];
}

/** A neighbour's request has the id of the request that it serves, or none. */
const rememberId = ['  http-request set-var(txn.id) req.hdr(x-request-id) unless { var(txn.lot) -m int gt 0 }'];
