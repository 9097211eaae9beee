import type { Listener, Protocol } from '#model/route.ts';
import { clientRules } from './client-rules.ts';
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
    ...(told ? clientRules('http', options) : []),
    `  default_backend ${proxyName(listener.backend)}`,
  ];
}

/**
 * The doors for requests of stopping workers: a worker that was replaced by a reload still has kept connections and
 * held requests, but knows only the instances of its time. It passes them on to its successor, which knows today's.
 */
export function handoverSections({ handover, user }: ProxyOptions): string[] {
  const owner = user === undefined ? '' : ` user ${user}`;
  return (['http', 'tcp'] as const).flatMap((protocol) => [
    `frontend .handover-${protocol} from ${protocol}`,
    `  bind ${handoverSocket(handover, protocol)} mode 600${owner} accept-proxy`,
    '  use_backend %[fc_pp_unique_id]',
  ]);
}

export function handoverSocket(handover: string, protocol: Protocol): string {
  return `unix@${handover}/handover-${protocol}.sock`;
}
