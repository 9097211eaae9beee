import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRule } from '#model/policy.ts';
import type { Backend, RouteTable } from '#model/route.ts';
import type { ProxyOptions } from './options.ts';
import { renderProxy } from './render.ts';

const options: ProxyOptions = {
  hostAddresses: ['127.0.0.1', '192.0.2.7', '2001:db8::7'],
  edge: { address: '0.0.0.0', httpPort: 80, httpsPort: 443 },
  trustedProxies: [],
  maxConnections: 1000,
  user: undefined,
  statsSocket: '/h/stats.sock',
  handover: '/h',
  holdScript: '/h/hold.lua',
  holdMap: '/h/hold.map',
  canaryMap: '/h/canary.map',
  policyScript: '/h/policy.lua',
  breakerMap: '/h/breakers.map',
  credentialMap: '/h/credentials.map',
  certificateList: '/h/certificates.txt',
  challengeMap: '/h/challenges.map',
  maps: '/h/maps',
};

const web: Backend = {
  ...{ id: 'shop/web:8000', project: 'shop', service: 'web', port: 8000, protocol: 'http', balance: 'roundrobin' },
  servers: [
    { id: 'web-r2-1', address: '127.1.0.3', port: 8000, weight: 100, state: 'ready' },
    { id: 'web-r1-1', address: '127.1.0.2', port: 8000, weight: 100, state: 'drain' },
    { id: 'web-r1-2', address: '127.1.0.4', port: 8000, weight: 50, state: 'maint' },
  ],
};
const db: Backend = {
  ...web,
  id: 'shop/db:5432',
  service: 'db',
  port: 5432,
  protocol: 'tcp',
  balance: 'leastconn',
  servers: [],
};

const table: RouteTable = {
  backends: { 'shop/web:8000': web, 'shop/db:5432': db },
  listeners: [
    { kind: 'neighbour', address: '127.1.0.9', port: 5432, backend: 'shop/db:5432' },
    { kind: 'published', address: '0.0.0.0', port: 8000, backend: 'shop/web:8000' },
  ],
  routes: [
    {
      ...{ name: 'web', project: 'shop', service: 'web', port: 8000, priority: 20, entries: ['https'] },
      match: {
        kind: 'all',
        of: [
          { kind: 'host', name: 'shop.x' },
          { kind: 'path-prefix', prefix: "/it's" },
        ],
      },
      tls: { kind: 'self-signed' },
    },
  ],
};

const render = (of: RouteTable) =>
  renderProxy({ table: of, options, certificates: [{ file: '/h/default.pem', hosts: [], digest: 'd' }] });

/** Routes by their names, all of one backend, then the table's listeners. */
const waysOf = (...routes: readonly string[]) =>
  [
    ...routes.map((name) => `shop/${name} shop:web:8000\n`),
    '.listen-0.0.0.0:8000 shop:web:8000\n.listen-127.1.0.9:5432 shop:db:5432\n',
  ].join('');

test('the fronts and backends of a table, as text', () => {
  const { config } = render(table);
  const fronts = config.slice(config.indexOf('frontend .edge-http '));
  const lot = `  http-request set-var(txn.lot) rand(16) if { fe_req_rate 1001:8000 }
  http-request set-var(txn.lot) rand(64),mul(2),sub(1) if { fe_req_rate gt 8000 }
  http-request set-log-level silent if { var(txn.lot) -m int gt 0 }
  http-request set-var-fmt(txn.what) '%[method] %[req.hdr(host),url_enc] %[path]' unless { var(txn.lot) -m int gt 0 }`;
  const connections = `  tcp-request session set-var(sess.ip) src,lower
  tcp-request session set-var(sess.id) uuid()`;
  const ours = (edge: string) => `${connections}
  http-request set-var(txn.route) str(.successor-${edge}) if { stopping }
  http-request allow if { var(txn.route) -m found }`;
  const successor = (edge: string) => `backend .successor-${edge} from http
  timeout server 24h
  http-request set-log-level silent
  http-request disable-l7-retry unless METH_GET
  http-response set-var(txn.id) res.fhdr(x-request-id)
  server .handover unix@/h/edge-${edge}.sock send-proxy-v2`;
  const clients = (first: string, scheme: string, port: number) => `${first}
${lot}
  http-request del-header '^(x[-_]forwarded[-_]|forwarded$|x[-_]real[-_]ip$)' -m reg
  http-request add-header X-Forwarded-For %[var(sess.ip)]
  http-request add-header X-Forwarded-Proto ${scheme}
  http-request add-header X-Forwarded-Host %[req.fhdr(host)]
  http-request add-header X-Forwarded-Port ${port}
  http-request add-header X-Real-IP %[var(sess.ip)]
  http-request set-var(txn.id) req.fhdr(x-request-id) if { req.fhdr(x-request-id) -m len 1:128 } !{ req.fhdr(x-request-id) -m str -- - }
  http-request set-header X-Request-ID %[var(txn.id)] if { var(txn.id) -m found } { req.fhdr_cnt(x-request-id) gt 1 }
  http-request set-header X-Request-ID %[var(sess.id)]-%rt unless { var(txn.id) -m found }
  http-after-response set-header X-Request-ID %[var(sess.id)]-%rt
  http-after-response set-header X-Request-ID %[var(txn.id)] if { var(txn.id) -m found }`;
  const spelling = `  http-request set-var(txn.query) query if { query -m found }
  http-request normalize-uri percent-decode-unreserved
  http-request normalize-uri percent-to-uppercase
  http-request set-query %[var(txn.query)] if { var(txn.query) -m found }
  http-request normalize-uri path-merge-slashes
  http-request normalize-uri path-strip-dot
  http-request normalize-uri path-strip-dotdot full`;
  const choice = `{ var(txn.host) -m str -- shop.x } { path -m beg -- '/it'\\''s' } !{ var(txn.route) -m found }`;
  const useRoute = `  use_backend %[var(txn.route),field(1,|)]
  default_backend .no-route`;
  assert.equal(
    fronts,
    `frontend .edge-http from http
  bind 127.0.0.1:80
  bind 192.0.2.7:80
  bind unix@/h/edge-http.sock mode 600 accept-proxy
${clients(ours('http'), 'http', 80)}
${spelling}
  http-request set-var(txn.host) req.fhdr(host),host_only
  http-request redirect location https://%[var(txn.host)]%[pathq] code 308 if ${choice}
${useRoute}
frontend .edge-https from http
  bind 127.0.0.1:443 ssl crt-list /h/certificates.txt alpn h2,http/1.1
  bind 192.0.2.7:443 ssl crt-list /h/certificates.txt alpn h2,http/1.1
  bind unix@/h/edge-https.sock mode 600 accept-proxy
${clients(ours('https'), 'https', 443)}
${spelling}
  http-request set-var(txn.route) str('shop:web:8000|shop/web') if ${choice.replace('var(txn.host)', 'req.fhdr(host),host_only')}
${useRoute}
${successor('http')}
backend .no-route from http
  http-request return status 404 content-type text/plain string 'no route for this host and path' if { req.hdr(accept) -m sub text/html }
  http-request return status 404 content-type application/json string '{"error":"NotFound","message":"no route for this host and path","status":404}'
${successor('https')}
frontend .listen-0.0.0.0:8000 from http
  bind 127.0.0.1:8000
  bind 192.0.2.7:8000
  unique-id-format %b|%f
${clients(connections, 'http', 8000)}
  default_backend shop:web:8000
frontend .listen-127.1.0.9:5432 from tcp
  bind 127.1.0.9:5432
  unique-id-format %b|%f
  default_backend shop:db:5432
backend shop:db:5432 from tcp
  balance leastconn
  tcp-request inspect-delay 24h
  tcp-request content lua.hold shop:db:5432 if { str(shop:db:5432),map_str(/h/hold.map) -m found }
  tcp-request content reject if { var(txn.held) -m found }
  use-server .handover if { stopping }
  server .handover unix@/h/handover-tcp.sock send-proxy-v2 proxy-v2-options unique-id weight 0
backend shop:web:8000 from http
  balance roundrobin
  http-request disable-l7-retry unless METH_GET
  http-request set-timeout server 24h if { req.hdr(accept) -m sub text/event-stream }
  http-request lua.hold shop:web:8000 if { str(shop:web:8000),map_str(/h/hold.map) -m found }
  http-request return status 503 content-type application/json string '{"error":"ServiceUnavailable","message":"the service is paused or being replaced","status":503}' hdr Retry-After 5 if { var(txn.held) -m found }
  http-request set-log-level info
  http-response set-log-level silent if { var(txn.lot) -m int gt 0 } !{ status ge 500 }
  use-server .handover if { stopping }
  server .handover unix@/h/handover-http.sock send-proxy-v2 proxy-v2-options unique-id weight 0
  server web-r1-1 127.1.0.2:8000 weight 0 pool-purge-delay 1s
  server web-r1-2 127.1.0.4:8000 weight 50 pool-purge-delay 1s disabled
  server web-r2-1 127.1.0.3:8000 weight 100 pool-purge-delay 1s
`,
  );
});

test('instances, holds and what a certificate holds are no structure; a route, a listener or a new certificate is', () => {
  const { structure } = render(table);
  const withWeb = (change: Partial<Backend>) => ({
    ...table,
    backends: { ...table.backends, 'shop/web:8000': { ...web, ...change } },
  });
  assert.equal(render(withWeb({ servers: [] })).structure, structure);
  assert.equal(render(withWeb({ held: { maxMs: 1000, limit: 5 } })).structure, structure);
  assert.notEqual(render(withWeb({ balance: 'leastconn' })).structure, structure);
  assert.notEqual(render({ ...table, routes: [] }).structure, structure);
  assert.notEqual(render({ ...table, listeners: table.listeners.slice(1) }).structure, structure);
  const renewed = renderProxy({ table, options, certificates: [{ file: '/h/default.pem', hosts: [], digest: 'e' }] });
  assert.equal(renewed.structure, structure);
  const another = renderProxy({ table, options, certificates: [{ file: '/h/x.pem', hosts: ['x'], digest: 'e' }] });
  assert.notEqual(another.structure, structure);
});

test('routes that look at the host only are one look into a map; a rule between them splits it', () => {
  const [route] = table.routes;
  assert.ok(route);
  const http = { ...route, entries: ['http' as const], tls: { kind: 'none' as const } };
  const of = (name: string, priority: number, match: typeof route.match) => ({ ...http, name, priority, match });
  const routes = [
    of('a', 5, { kind: 'host', name: 'a.x' }),
    of('b', 9, {
      kind: 'any',
      of: [
        { kind: 'host', name: 'b.x' },
        { kind: 'host', name: 'a.x' },
      ],
    }),
    of('c', 7, { kind: 'path-prefix', prefix: '/c' }),
    of('d', 3, { kind: 'host', name: 'b.x' }),
  ];
  const { maps, config } = render({ ...table, routes });
  assert.deepEqual(maps, {
    'ways.map': waysOf('b', 'c', 'a', 'd'),
    'hosts-http-0.map': 'b.x shop:web:8000|shop/b\na.x shop:web:8000|shop/b\n',
    'hosts-http-2.map': 'a.x shop:web:8000|shop/a\nb.x shop:web:8000|shop/d\n',
  });
  const choice = config
    .split('\n')
    .filter((line) => line.includes('set-var(txn.route)') && !line.includes('{ stopping }'));
  assert.deepEqual(choice, [
    '  http-request set-var(txn.route) var(txn.host),map_str(/h/maps/hosts-http-0.map)',
    "  http-request set-var(txn.route) str('shop:web:8000|shop/c') if { path -m beg -- /c } !{ var(txn.route) -m found }",
    '  http-request set-var(txn.route) var(txn.host),map_str(/h/maps/hosts-http-2.map) if !{ var(txn.route) -m found }',
  ]);
});

test('wildcards are a second look, after the names of their piece, unless they go before one', () => {
  const [route] = table.routes;
  assert.ok(route);
  const http = { ...route, entries: ['http' as const], tls: { kind: 'none' as const } };
  const of = (name: string, priority: number, host: string) => ({
    ...{ ...http, name, priority },
    match: { kind: 'host' as const, name: host },
  });
  const routes = [
    of('all', 5, '*.x.org'),
    // Equal priority: the name goes first.
    of('zero', 5, '0.x.org'),
    of('low', 3, 'low.x.org'),
    of('low-all', 2, '*.x.org'),
    of('other', 1, 'y.org'),
    { ...of('path', 4, ''), priority: 9, match: { kind: 'all' as const, of: [of('', 0, '*.z.org').match] } },
  ];
  const { maps, config } = render({ ...table, routes });
  assert.deepEqual(maps, {
    'ways.map': waysOf('path', 'zero', 'all', 'low', 'low-all', 'other'),
    'hosts-http-1.map': '0.x.org shop:web:8000|shop/zero\ny.org shop:web:8000|shop/other\n',
    'hosts-http-1-wild.map': 'x.org shop:web:8000|shop/all\n',
  });
  const choice = config
    .split('\n')
    .filter((line) => line.includes('set-var(txn.route)') && !line.includes('{ stopping }'));
  assert.deepEqual(choice, [
    "  http-request set-var(txn.route) str('shop:web:8000|shop/path') if { var(txn.host),field(2,.,0) -m str -- z.org } !{ var(txn.route) -m found }",
    '  http-request set-var(txn.route) var(txn.host),map_str(/h/maps/hosts-http-1.map) if !{ var(txn.route) -m found }',
    '  http-request set-var(txn.route) var(txn.host),field(2,.,0),map_str(/h/maps/hosts-http-1-wild.map) if !{ var(txn.route) -m found }',
  ]);
});

test('a path that reads like a look at the host stays as it is', () => {
  const path = "/var(txn.host)'s";
  const routes = (table.routes ?? []).map((route) => ({ ...route, match: { kind: 'path' as const, path } }));
  const { config } = render({ ...table, routes });
  const looks = config.split('\n').filter((line) => line.includes('path -m str'));
  assert.equal(looks.length, 2, 'one for each edge');
  for (const line of looks) assert.match(line, /\{ path -m str -- '\/var\(txn\.host\)'\\''s' \}/);
});

test('the order in which a table was put together does not matter', () => {
  const shuffled: RouteTable = {
    backends: { 'shop/db:5432': db, 'shop/web:8000': { ...web, servers: web.servers.toReversed() } },
    listeners: table.listeners.toReversed(),
    routes: table.routes,
  };
  assert.equal(render(shuffled).config, render(table).config);
});

test('routes and listeners of a backend that is not there are left out', () => {
  const { config } = render({ ...table, backends: {} });
  assert.doesNotMatch(config, /edge|\.listen/);
});

test('a rule that tries to leave its line is refused', () => {
  const [route] = table.routes;
  assert.ok(route);
  const evil = { ...route, match: { kind: 'path-regexp' as const, pattern: '/x\n  bind 0.0.0.0:1' } };
  assert.throws(() => render({ ...table, routes: [evil] }), RangeError);
});

test('only a route that sees answers passes the proxy twice', () => {
  assert.doesNotMatch(render(table).config, /\.handover-inner|\.tries|lua\.error_pages/);
  const pages = { statuses: [{ from: 500, to: 599 }], rewrites: [], service: 'web', port: 8000, query: '/{status}' };
  const rules: readonly PolicyRule[] = [
    { kind: 'add-prefix', prefix: '/a' },
    { kind: 'error-pages', ...pages },
    { kind: 'add-prefix', prefix: '/b' },
  ];
  const { config } = render({ ...table, routes: table.routes.map((route) => ({ ...route, policy: { rules } })) });
  const section = (name: string) => config.slice(config.indexOf(`backend ${name} from`)).split(/\n(?=\w)/)[0] ?? '';
  const outer = /str\('(shop:web:8000:[0-9a-f]+)\|shop\/web'\)/.exec(config)?.[1] ?? '';
  assert.match(section(outer), /set-path .*\/a/);
  assert.match(section(outer), /lua\.error_page shop:web:8000 '\/{status}' - - if .*{ status 500:599 }/);
  assert.match(section('shop:web:8000'), /http-request set-path .*\/b/);
  assert.doesNotMatch(section('shop:web:8000'), /error_page|set-path .*\/a/);
});

test('whoever carries the traffic is named, or numbered where the proxy has another list of users', () => {
  const pages = { statuses: [{ from: 500, to: 599 }], rewrites: [], service: 'web', port: 8000, query: '/{status}' };
  const rules: readonly PolicyRule[] = [{ kind: 'error-pages', ...pages }];
  const everyDoor = { ...table, routes: table.routes.map((route) => ({ ...route, policy: { rules } })) };
  const rendered = (user: string | number) =>
    renderProxy({ table: everyDoor, options: { ...options, user }, certificates: [] })
      .config.split('\n')
      .map((line) => line.trim());
  const named = rendered('haproxy');
  assert.ok(named.includes('user haproxy') && named.includes('group haproxy'));
  const numbered = rendered(99);
  assert.ok(numbered.includes('uid 99') && numbered.includes('gid 99'));
  const doors = numbered.filter((line) => line.startsWith('bind unix@'));
  assert.ok(doors.length > 4 && doors.every((line) => line.includes(' uid 99')), doors.join('\n'));
  assert.deepEqual(
    numbered.filter((line) => /\buser 99\b/.test(line)),
    [],
  );
});
