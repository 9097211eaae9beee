import type { Route } from '#model/route.ts';
import { challengeRules } from './challenge-rules.ts';
import { clientRules, connectionRules } from './client-rules.ts';
import { conditions } from './conditions.ts';
import { lotRules } from './events-section.ts';
import type { ProxyOptions } from './options.ts';
import { chooseRoute, type EdgeRendering, inOrder, piecesOf } from './route-choice.ts';
import { socketsOf } from './sockets.ts';
import { leaveToSuccessor, successorDoor, successorSection } from './successor.ts';

/** The frontends of the edge: HTTP where any route wants it or must be sent to HTTPS, HTTPS where a route has TLS. */
export function renderEdge(routes: readonly Route[], options: ProxyOptions): EdgeRendering {
  const plain = routes.filter((route) => route.entries.includes('http'));
  const secure = routes.filter((route) => route.entries.includes('https'));
  const http = chooseRoute(piecesOf(plain), { name: 'hosts-http', folder: options.maps });
  const https = chooseRoute(piecesOf(secure), { name: 'hosts-https', folder: options.maps });
  return {
    lines: [
      ...(routes.length === 0 ? [] : httpEdge(routes, http.lines, options)),
      ...(secure.length === 0 ? [] : httpsEdge(https.lines, options)),
      ...(routes.length === 0 ? [] : [...successorSection('http', options), ...noRouteSection]),
      ...(secure.length === 0 ? [] : successorSection('https', options)),
    ],
    maps: { ...http.maps, ...https.maps },
  };
}

/**
 * Every path in one spelling before a route is chosen, as Traefik does it: else `//admin`, `/x/../admin` and `/%61dmin`
 * would get around what guards `/admin`, and instances read them as just that. A query stays as it was sent, for it may
 * be signed: what unescapes would write it anew too.
 */
const oneSpelling = [
  'set-var(txn.query) query if { query -m found }',
  ...['percent-decode-unreserved', 'percent-to-uppercase'].map((one) => `normalize-uri ${one}`),
  'set-query %[var(txn.query)] if { var(txn.query) -m found }',
  ...['path-merge-slashes', 'path-strip-dot', 'path-strip-dotdot full'].map((one) => `normalize-uri ${one}`),
].map((one) => `  http-request ${one}`);

const host = 'req.fhdr(host),host_only';

/** Looks at the host, and what is passed over to find them: words of users, as `quote` writes them. */
const lookOrQuoted = /\\.|'[^']*'|var\(txn\.host\)/g;

/** The host is kept in a variable only where it is looked at more than once. */
function withHost(lines: readonly string[]): readonly string[] {
  const isLook = (found: string) => found.startsWith('var(');
  const looks = lines.flatMap((line) => line.match(lookOrQuoted) ?? []).filter(isLook);
  const inPlace = (found: string) => (isLook(found) ? host : found);
  if (looks.length === 1) return lines.map((line) => line.replaceAll(lookOrQuoted, inPlace));
  return [`  http-request set-var(txn.host) ${host}`, ...lines];
}

function httpEdge(routes: readonly Route[], choice: readonly string[], options: ProxyOptions): string[] {
  const { edge, challengeMap } = options;
  const onlySecure = inOrder(routes.filter((one) => !one.entries.includes('http')));
  return [
    'frontend .edge-http from http',
    ...socketsOf({ address: edge.address, port: edge.httpPort }, options).map((one) => `  bind ${one}`),
    successorDoor('http', options),
    ...connectionRules,
    ...leaveToSuccessor('http'),
    ...lotRules,
    ...challengeRules(routes, challengeMap),
    ...clientRules({ scheme: 'http', port: edge.httpPort }, options),
    ...oneSpelling,
    ...withHost([...choice, ...onlySecure.flatMap((route) => sendToHttps(route, edge.httpsPort))]),
    ...useRoute,
  ];
}

function httpsEdge(choice: readonly string[], options: ProxyOptions): string[] {
  const { edge, certificateList } = options;
  return [
    'frontend .edge-https from http',
    ...socketsOf({ address: edge.address, port: edge.httpsPort }, options).map(
      (one) => `  bind ${one} ssl crt-list ${certificateList} alpn h2,http/1.1`,
    ),
    successorDoor('https', options),
    ...connectionRules,
    ...leaveToSuccessor('https'),
    ...lotRules,
    ...clientRules({ scheme: 'https', port: edge.httpsPort }, options),
    ...oneSpelling,
    ...withHost(choice),
    ...useRoute,
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

const useRoute = [
  // A request without a route has no such backend, and goes on to the next line.
  '  use_backend %[var(txn.route),field(1,|)]',
  '  default_backend .no-route',
];

const noRouteBody = '{"error":"NotFound","message":"no route for this host and path","status":404}';

/** What no route takes. */
const noRouteSection = [
  'backend .no-route from http',
  "  http-request return status 404 content-type text/plain string 'no route for this host and path' if { req.hdr(accept) -m sub text/html }",
  `  http-request return status 404 content-type application/json string '${noRouteBody}'`,
];
