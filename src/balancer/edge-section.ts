import type { Match, Route } from '#model/route.ts';
import { clientRules } from './client-rules.ts';
import { conditions } from './conditions.ts';
import { routeMark } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { quote } from './quote.ts';

/** The frontends of the edge: HTTP where any route wants it or must be sent to HTTPS, HTTPS where a route has TLS. */
export function edgeSections(routes: readonly Route[], options: ProxyOptions): string[] {
  const ordered = routes.toSorted(
    (a, b) => b.priority - a.priority || a.name.localeCompare(b.name) || a.project.localeCompare(b.project),
  );
  const plain = ordered.filter((route) => route.entries.includes('http'));
  const secure = ordered.filter((route) => route.entries.includes('https'));
  return [
    ...(ordered.length === 0 ? [] : httpEdge(plain, secure, options)),
    ...(secure.length === 0 ? [] : httpsEdge(secure, options)),
  ];
}

function httpEdge(plain: readonly Route[], secure: readonly Route[], options: ProxyOptions): string[] {
  const { edge } = options;
  return [
    'frontend .edge-http from http',
    `  bind ${socket(edge.address, edge.httpPort)}`,
    ...clientRules('http', options),
    ...chooseRoute(plain),
    ...secure.filter((route) => !plain.includes(route)).flatMap((route) => sendToHttps(route, edge.httpsPort)),
    ...useRoute(),
  ];
}

function httpsEdge(secure: readonly Route[], options: ProxyOptions): string[] {
  const { edge, certificateList } = options;
  return [
    'frontend .edge-https from http',
    `  bind ${socket(edge.address, edge.httpsPort)} ssl crt-list ${certificateList} alpn h2,http/1.1`,
    ...clientRules('https', options),
    ...chooseRoute(secure),
    ...useRoute(),
  ];
}

/** `[::1]:80`, `127.0.0.1:80`; the wildcard of IPv6 takes IPv4 too. */
export function socket(address: string, port: number): string {
  return address === '::' ? `:::${port} v4v6` : `${address}:${port}`;
}

/** The first route in the order of priority wins; later ones see that the variable is set. */
function chooseRoute(routes: readonly Route[]): string[] {
  return [
    '  http-request set-var(txn.host) req.hdr(host),host_only',
    ...routes.flatMap((route) =>
      conditions(route.match).map(
        (condition) =>
          `  http-request set-var(txn.route) str(${quote(routeMark(route))}) if ${condition} !{ var(txn.route) -m found }`,
      ),
    ),
  ];
}

/**
 * A route that is only for HTTPS answers plain requests with the way there, so that a link or a curl without the `s`
 * works. Routes for HTTP come first.
 */
function sendToHttps(route: Route, port: number): string[] {
  const target = `https://%[var(txn.host)]${port === 443 ? '' : `:${port}`}%[pathq]`;
  return conditions(route.match).map(
    (condition) => `  http-request redirect location ${target} code 308 if ${condition} !{ var(txn.route) -m found }`,
  );
}

function useRoute(): string[] {
  const none = '!{ var(txn.route) -m found }';
  const body = '{"error":"NotFound","message":"no route for this host and path","status":404}';
  return [
    `  http-request return status 404 content-type text/plain string 'no route for this host and path' if ${none} { req.hdr(accept) -m sub text/html }`,
    `  http-request return status 404 content-type application/json string '${body}' if ${none}`,
    '  use_backend %[var(txn.route),field(1,|)]',
  ];
}

/** The host names that a match asks for, without those that it excludes. */
export function hostsOf(match: Match): readonly string[] {
  switch (match.kind) {
    case 'host':
      return [match.name];
    case 'all':
    case 'any':
      return match.of.flatMap(hostsOf);
    default:
      return [];
  }
}
