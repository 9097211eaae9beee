import type { Route } from '#model/route.ts';
import { failureRules, lotRules } from '../events-section.ts';
import { firstBackend, innerServer, pageServer, pagesDoor, routeMark } from '../names.ts';
import type { ProxyOptions } from '../options.ts';
import { quote } from '../quote.ts';

/** Tells the door behind `innerServer` which route a request took; it takes the header away again. */
const routeHeader = 'x-timonel-route';

/**
 * And whose it is. The PROXY protocol would say it once a connection, and so keep clients from sharing them: measured, a
 * request cost three times as much.
 */
const clientHeader = 'x-timonel-client';

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
    ...rules,
    '  http-request disable-l7-retry unless METH_GET',
    '  http-request set-timeout server 24h if { req.hdr(accept) -m sub text/event-stream }',
    `  http-request set-header ${routeHeader} ${quote(routeMark(route))}`,
    `  http-request set-header ${clientHeader} %[src]`,
    ...failureRules,
    `  server ${innerServer} ${socket(handover, 'inner')}`,
  ];
}

type Doors = Pick<ProxyOptions, 'handover' | 'user' | 'holdMap'>;

/** The doors between the two sides, for tables that have a route with both. */
export function innerDoors(options: Doors): string[] {
  const { handover, user } = options;
  const mode = `mode 600${user === undefined ? '' : ` user ${user}`}`;
  return [
    `frontend ${innerServer} from http`,
    `  bind ${socket(handover, 'inner')} ${mode}`,
    ...lotRules,
    `  http-request set-var(txn.route) req.hdr(${routeHeader})`,
    `  http-request set-src req.hdr(${clientHeader})`,
    `  http-request del-header ${routeHeader}`,
    `  http-request del-header ${clientHeader}`,
    '  http-request set-var(txn.id) req.hdr(x-request-id)',
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
