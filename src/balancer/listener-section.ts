import type { Listener, Protocol } from '#model/route.ts';
import { clientRules, connectionRules } from './client-rules.ts';
import { lotRules } from './events-section.ts';
import { handoverFrontend, listenerName, measuringServer, proxyName } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { socketOwner } from './owner.ts';
import { measuringRules, measuringSocket } from './policy/body-limit.ts';
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
    ...(told ? connectionRules : []),
    ...(protocol === 'http' ? lotRules : []),
    ...(told ? clientRules({ scheme: 'http', port: listener.port }, options) : []),
    ...(protocol === 'http' && !told ? rememberId : []),
    `  default_backend ${proxyName(listener.backend)}`,
  ];
}

/** A neighbour's request has the id of the request that it serves, or none. */
const rememberId = ['  http-request set-var(txn.id) req.hdr(x-request-id) unless { var(txn.lot) -m int gt 0 }'];

/**
 * The doors for requests of stopping workers: a worker that was replaced by a reload still has kept connections and
 * held requests, but knows only the instances of its time. It passes them on to its successor, which knows today's.
 */
export function handoverSections(options: ProxyOptions): string[] {
  const { handover } = options;
  const owner = socketOwner(options);
  const doors = (['http', 'tcp'] as const).flatMap((protocol) => [
    `frontend ${handoverFrontend}${protocol} from ${protocol}`,
    `  bind ${handoverSocket(handover, protocol)} mode 600${owner} accept-proxy`,
    ...(protocol === 'http' ? lotRules : []),
    '  use_backend %[fc_pp_unique_id]',
  ]);
  return [
    ...doors,
    `frontend ${measuringServer} from http`,
    `  bind ${measuringSocket(handover)} mode 600${owner} accept-proxy`,
    ...lotRules,
    ...measuringRules,
    '  use_backend %[fc_pp_unique_id]',
  ];
}

export function handoverSocket(handover: string, protocol: Protocol): string {
  return `unix@${handover}/handover-${protocol}.sock`;
}
