import type { Route } from '#model/route.ts';
import { sendingRules } from '../backend-section.ts';
import { counterPeers } from '../counter-handover.ts';
import { failureRules, lotRules } from '../events-section.ts';
import { firstBackend, innerServer, pageServer, pagesDoor, routeMark } from '../names.ts';
import type { ProxyOptions } from '../options.ts';
import { socketOwner } from '../owner.ts';
import { quote } from '../quote.ts';
import { clientHeader, pauseHeader, routeHeader, tryHeader } from './outer-headers.ts';

/** Tells the door for pages whose page is wanted, and by its return that it was the service that answered. */
const pageHeader = 'x-timonel-page';

interface Sided {
  readonly settings: readonly string[];
  readonly rules: readonly string[];
}

/** The backend that a route's requests pass before the service's own, and on their way back after it. */
export function outerSection(route: Route, { settings, rules }: Sided, { handover }: Pick<ProxyOptions, 'handover'>) {
  return [
    `backend ${firstBackend(route)} from http`,
    ...settings,
    '  http-request del-header x-timonel- -m beg',
    ...rules,
    ...sendingRules,
    `  http-request set-header ${routeHeader} ${quote(routeMark(route))}`,
    `  http-request set-header ${clientHeader} %[src]`,
    ...failureRules,
    `  server ${innerServer} ${socket(handover, 'inner')}`,
  ];
}

/**
 * A stopping worker hands requests to its successor with the backend's name in a PROXY header. Of a connection that has
 * no addresses, HAProxy writes one that says LOCAL, and whoever reads that looks no further (PROXY protocol 2.2).
 */
const addressedDestination = '  http-request set-dst src';

const triesTable = '.tries';

/** Holds of every try of a request but the first. */
export const isTriedAgain = '{ var(txn.tries) -m int gt 1 }';

/** A policy counts with at most two keys beside, see the limit of keys. */
const pauseRules = [
  `  http-request track-sc2 req.hdr_val(${tryHeader}) table ${triesTable} if { req.hdr(${tryHeader}) -m found }`,
  `  http-request sc-inc-gpc0(2) if { req.hdr(${tryHeader}) -m found }`,
  `  http-request set-var(txn.tries) sc_get_gpc0(2) if { req.hdr(${tryHeader}) -m found }`,
  `  http-request set-var(txn.pause) req.hdr_val(${pauseHeader}) if ${isTriedAgain}`,
  `  http-request lua.pause_between_tries if ${isTriedAgain}`,
];

type Doors = Pick<ProxyOptions, 'handover' | 'user' | 'holdMap'>;

/** The doors between the two sides, for tables that have a route with both. */
export function innerDoors(options: Doors): string[] {
  const { handover } = options;
  const mode = `mode 600${socketOwner(options)}`;
  return [
    `backend ${triesTable}`,
    // So many requests can be under way at once, or be tried again without their pause.
    `  stick-table type integer size 20k expire 60s store gpc0 peers ${counterPeers}`,
    `frontend ${innerServer} from http`,
    `  bind ${socket(handover, 'inner')} ${mode}`,
    ...lotRules,
    `  http-request set-var(txn.route) req.hdr(${routeHeader})`,
    `  http-request set-src req.hdr(${clientHeader})`,
    addressedDestination,
    '  http-request set-var(txn.id) req.hdr(x-request-id)',
    ...pauseRules,
    '  http-request del-header x-timonel- -m beg',
    // The outer backend is called like the service's own, and then by the route.
    '  use_backend %[var(txn.route),field(1,:,3)]',
    ...pagesDoors(mode, options),
  ];
}

/**
 * Who asks here asks four times when a page takes too long or has a status that might be better the next time. So the
 * first door waits no longer than anybody wants to, and tells the status in a header.
 */
function pagesDoors(mode: string, { handover, holdMap }: Doors): string[] {
  return [
    `listen ${pagesDoor} from http`,
    `  bind ${socket(handover, 'pages')} ${mode}`,
    '  no log',
    '  timeout server 3s',
    '  retries 0',
    '  filter lua.page_limit',
    `  http-request return status 503 if { req.hdr(${pageHeader}),map_str(${holdMap}) -m found }`,
    `  http-response set-header ${pageHeader} %[status] if { res.hdr(${pageHeader}) -m found }`,
    '  http-after-response set-status 200',
    `  server ${pageServer} ${socket(handover, 'page')}`,
    `frontend ${pageServer} from http`,
    `  bind ${socket(handover, 'page')} ${mode}`,
    ...lotRules,
    '  http-request set-src str(127.0.0.1)',
    addressedDestination,
    `  http-request set-var(txn.page) req.hdr(${pageHeader})`,
    `  http-request del-header ${pageHeader}`,
    // Only here it is known that it was no answer of the proxy's own.
    `  http-response set-header ${pageHeader} 1`,
    '  use_backend %[var(txn.page)]',
  ];
}

/** Where the program asks for pages. */
export function pagesSocket(handover: string): string {
  return socket(handover, 'pages');
}

function socket(handover: string, door: 'inner' | 'pages' | 'page'): string {
  return `unix@${handover}/${door}.sock`;
}
