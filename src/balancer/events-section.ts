import type { Route, RouteTable } from '#model/route.ts';
import { watchedRoutes } from './breaker/breakers.ts';
import type { Sample } from './breaker/window.ts';
import { routeMark } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { quote } from './quote.ts';

/** The buffer through which the proxy tells how requests ended; there only when somebody wants to know. */
export function eventsSection(table: RouteTable, { eventsSocket }: ProxyOptions): string[] {
  if (watchedRoutes(table).length === 0) return [];
  return [
    'ring events',
    '  format raw',
    '  maxlen 1024',
    '  size 1048576',
    '  timeout connect 1s',
    '  timeout server 10s',
    `  server watcher unix@${eventsSocket} log-proto octet-count`,
  ];
}

/** What a frontend of the edge says about the requests of watched routes. Requests of others cost nothing. */
export function eventRules(routes: readonly Route[]): string[] {
  const watched = routes.filter((route) => route.policy?.rules.some((rule) => rule.kind === 'breaker'));
  if (watched.length === 0) return [];
  const marks = [...new Set(watched.map((route) => quote(routeMark(route))))];
  return [
    '  log ring@events format raw local0',
    // Route, begin (seconds and milliseconds), status, how it ended, how long it took.
    "  log-format '%[var(txn.route)] %Ts%ms %ST %ts %Ta'",
    `  http-request set-log-level silent unless { var(txn.route) -m str -- ${marks.join(' ')} }`,
  ];
}

/**
 * Reads a line of `eventRules`. Undefined for what says nothing about the service: refused by the proxy itself, broken
 * off by the client, or no line of ours.
 */
export function parseEvent(line: string): Sample | undefined {
  const [, route, begin, code, end = '', took] = /^(\S+) (\d{13}) (-?\d+) (\S\S) (-?\d+)\s*$/.exec(line) ?? [];
  if (route === undefined) return undefined;
  // The first letter tells who ended it (configuration manual, "Session state at disconnection"): the server or a
  // time-out on its side count against the service, a normal end counts with its status.
  const cause = end[0] ?? '';
  const isNetworkError = cause === 'S' || cause === 's';
  if (!isNetworkError && cause !== '-') return undefined;
  const ms = Math.max(0, Number(took));
  return { route, at: Number(begin) + ms, status: Number(code), ms, isNetworkError };
}
