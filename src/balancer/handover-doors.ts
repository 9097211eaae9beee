import type { Listener, Protocol, Route } from '#model/route.ts';
import { lotRules } from './events-section.ts';
import { handoverFrontend, listenerName, measuringServer, proxyName, routeKey } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { socketOwner } from './owner.ts';
import { measuringRules, measuringSocket } from './policy/body-limit.ts';
import { takeCookieOut } from './policy/sticky.ts';

/*
 * The doors for requests of stopping workers: a worker that was replaced by a reload still has held requests and kept
 * connections, but knows only the instances of its time. It passes them on to its successor, which knows today's.
 *
 * Where a request belongs is said in the PROXY header's unique id: its backend, and the route or listener by which it
 * came. That one counts, for it may lead to another port of the service by now. The id has 127 characters at most; what
 * comes last may be cut off.
 */

/** The unique id of what came by a route. */
export const cameByRoute = '%b|%[var(txn.route),field(2,|)]';

/** The unique id of what came by a listener. */
export const cameByListener = '%b|%f';

const waysMap = 'ways.map';

/** To which backend each route and listener leads today. */
export function waysIn(routes: readonly Route[], listeners: readonly Listener[]): Readonly<Record<string, string>> {
  const ways = [
    ...routes.map((route) => [routeKey(route), proxyName(`${route.project}/${route.service}:${route.port}`)]),
    ...listeners.map((one) => [listenerName(one), proxyName(one.backend)]),
  ];
  return { [waysMap]: ways.map((way) => `${way.join(' ')}\n`).join('') };
}

export function handoverDoors(options: ProxyOptions): string[] {
  const { handover } = options;
  const owner = socketOwner(options);
  const doors = (['http', 'tcp'] as const).flatMap((protocol) => [
    `frontend ${handoverFrontend}${protocol} from ${protocol}`,
    `  bind ${handoverSocket(handover, protocol)} mode 600${owner} accept-proxy`,
    ...(protocol === 'http' ? [...lotRules, ...takeCookieOut.map((line) => `  ${line}`)] : []),
    ...onItsWay(options),
  ]);
  return [
    ...doors,
    `frontend ${measuringServer} from http`,
    `  bind ${measuringSocket(handover)} mode 600${owner} accept-proxy`,
    ...lotRules,
    ...measuringRules,
    ...onItsWay(options),
  ];
}

/** The id goes along, for this worker may have a successor too while the request waits. */
function onItsWay({ maps }: ProxyOptions): string[] {
  const way = `fc_pp_unique_id,field(2,|),map_str(${maps}/${waysMap})`;
  return [
    '  unique-id-format %[fc_pp_unique_id]',
    `  use_backend %[${way}] if { ${way} -m found }`,
    '  use_backend %[fc_pp_unique_id,field(1,|)]',
  ];
}

export function handoverSocket(handover: string, protocol: Protocol): string {
  return `unix@${handover}/handover-${protocol}.sock`;
}
