import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { Service } from '#model/project.ts';
import type { Endpoint, Route } from '#model/route.ts';
import { type ServiceSettings, serviceSettings } from '#settings/schema.ts';
import { resolveEndpoints } from './endpoints.ts';
import { resolveRoutes } from './routes.ts';
import { ruleText } from './rule-text.ts';

const locate = (path: readonly (string | number)[]) => ({
  file: 'compose.yaml',
  line: path.length,
  column: 1,
  path: path.join('.'),
});
const web: Endpoint = { port: 5000, protocol: 'http', because: 'label' };

function resolve(compose: Service, settings: unknown = {}, endpoints: readonly Endpoint[] = [web]) {
  const parsed: ServiceSettings = serviceSettings.parse(settings);
  return resolveRoutes({ project: 'p', service: 'web', compose, settings: parsed, endpoints, locate });
}

function line(route: Route): string {
  return `${route.name} ${route.entries.join('+')} tls=${route.tls.kind} ${ruleText(route.match)} -> ${route.port} @${route.priority}`;
}

const found = (result: {
  findings: readonly { severity: string; said: Parameters<typeof say>[0]; at?: { path?: string } | undefined }[];
}) => result.findings.map((one) => `${one.severity} ${one.at?.path}: ${say(one.said, 'en')}`);

const guide = {
  'traefik.enable': 'true',
  'traefik.http.routers.documentos-service.rule': 'Host(`documentos.universidad.localhost`)',
  'traefik.http.routers.documentos-service.tls': 'true',
  'traefik.http.services.documentos-service.loadbalancer.server.port': '5000',
  'traefik.docker.network': 'carlosred',
};

test("the guide's labels make one HTTPS route", () => {
  const result = resolve({ labels: guide });
  assert.deepEqual(result.routes.map(line), [
    'documentos-service https tls=self-signed Host(`documentos.universidad.localhost`) -> 5000 @40',
  ]);
  assert.equal(result.balance, 'roundrobin');
  assert.deepEqual(found(result), []);
});

test('a label that changes nothing is said at its place', () => {
  const label = 'traefik.http.routers.documentos-service.tls.options';
  const result = resolve({ labels: { ...guide, [label]: 'x' } });
  assert.deepEqual(found(result), [
    `error services.web.labels.${label}: label ${label} is not honoured: nothing changes because of it`,
  ]);
  const said = (more: Record<string, string>) =>
    found(resolve({ labels: { ...guide, ...more } })).map((one) => one.slice(0, 7));
  assert.deepEqual(said({ 'traefik.tcp.routers.db.rule': 'HostSNI(`*`)' }), ['error s']);
  assert.deepEqual(said({ 'traefik.frontend.rule': 'Host:x' }), ['warning'], 'of a version that reads it no more');
  assert.deepEqual(said({ [label]: 'default@file' }), []);
  assert.deepEqual(said({ 'traefik.http.services.documentos-service.loadbalancer.passhostheader': 'true' }), []);
  assert.deepEqual(said({ 'traefik.http.services.documentos-service.loadbalancer.passhostheader': 'false' }), [
    'error s',
  ]);
});

test('a weight says nothing among equals, and cannot be honoured between two Compose services', () => {
  const labels = { ...guide, 'traefik.http.services.documentos-service.loadbalancer.server.weight': '3' };
  const settings = serviceSettings.parse({});
  const endpoints = [{ port: 80, protocol: 'http', because: 'test' }] as const;
  const input = { project: 'p', service: 'web', compose: { labels }, settings, endpoints, locate };
  assert.deepEqual(found(resolveRoutes(input)), []);
  const other = { 'traefik.http.services.documentos-service.loadbalancer.server.port': '80' };
  assert.match(
    found(resolveRoutes({ ...input, neighbours: { old: { labels: other } } }))[0] ?? '',
    /^error .*weight cannot be honoured: several Compose services/,
  );
});

test('tls.domains say for which names the certificates are', () => {
  const labels = (domains: Record<string, string>) => ({
    'traefik.http.routers.r.rule': 'HostRegexp(`^.+$`)',
    'traefik.http.routers.r.tls.certresolver': 'le',
    ...Object.fromEntries(Object.entries(domains).map(([key, value]) => [`traefik.http.routers.r.tls.${key}`, value])),
  });
  const good = resolve({
    labels: labels({
      'domains[0].sans': '*.example.org, www.Example.org',
      'domains[0].main': 'example.org',
      'Domains[1].Main': '*.b.x',
    }),
  });
  const tls = good.routes[0]?.tls;
  assert.deepEqual(tls?.kind === 'acme' && tls.domains, [
    ['example.org', '*.example.org', 'www.example.org'],
    ['*.b.x'],
  ]);
  assert.deepEqual(found(good), []);
  const wrong = resolve({ labels: labels({ 'domains[0].main': 'a b' }) });
  assert.match(found(wrong).join(), /^error .*tls\.domains\[0\]\.main.*host names/);
  const typed = resolve({}, { route: { rule: 'HostRegexp(`^.+$`)', tls: { acme: true, names: ['b.x', '*.b.x'] } } });
  const named = typed.routes[0]?.tls;
  assert.deepEqual(named?.kind === 'acme' && named.domains, [['b.x', '*.b.x']]);
  assert.match(
    found(resolve({}, { route: { host: 'b.x', tls: { acme: true, names: ['a b'] } } })).join(),
    /^error .*a b/,
  );
});

test('a wildcard host takes one label, two stars any depth', () => {
  const rules = (...written: string[]) =>
    written.map((rule) =>
      resolve({ labels: { 'traefik.http.routers.r.rule': rule } })
        .routes.map(line)
        .join(),
    );
  assert.deepEqual(rules('Host(`*.B.x`)', 'Host(`**.b.x`)'), [
    'r http tls=none Host(`*.b.x`) -> 5000 @13',
    'r http tls=none HostRegexp(`^.+\\.b\\.x$`) -> 5000 @14',
  ]);
  assert.deepEqual(resolve({}, { route: { host: '*.b.x' } }).routes.map(line), [
    'web http tls=none Host(`*.b.x`) -> 5000 @13',
  ]);
  for (const host of ['*', 'a.*.x', '*b.x', '**.b.x'])
    assert.match(found(resolve({}, { route: { host } })).join(), /^error /);
});

test('entry points choose the edge; keys may be written in any case', () => {
  const labels = (entries: string, tls: Record<string, string> = {}) => ({
    'traefik.http.routers.r.Rule': 'Host(`a.x`)',
    'traefik.http.routers.r.entryPoints': entries,
    ...tls,
  });
  const lines = (entries: string, tls?: Record<string, string>) =>
    resolve({ labels: labels(entries, tls) }).routes.map(line);
  assert.deepEqual(lines('web'), ['r http tls=none Host(`a.x`) -> 5000 @11']);
  assert.deepEqual(lines('web, websecure'), ['r http+https tls=self-signed Host(`a.x`) -> 5000 @11']);
  assert.deepEqual(lines('web,websecure', { 'traefik.http.routers.r.tls': 'true' }), [
    'r https tls=self-signed Host(`a.x`) -> 5000 @11',
  ]);
  assert.match(found(resolve({ labels: labels('internal') }))[0] ?? '', /^error .*entry point internal of router r/);
});

test('a disabled service has no route from labels', () => {
  assert.deepEqual(resolve({ labels: { ...guide, 'traefik.enable': 'false' } }).routes, []);
});

test('what turns a thing on is true, or nothing', () => {
  const kinds = (value: string) =>
    resolve({ labels: { ...guide, 'traefik.http.routers.documentos-service.tls': value } });
  assert.deepEqual(
    ['', 'true', 'T', '1', 'false'].map((value) => kinds(value).routes[0]?.tls.kind),
    ['self-signed', 'self-signed', 'self-signed', 'self-signed', 'none'],
  );
  assert.match(found(kinds('yes')).join(), /^error .*\.tls: label .*tls must be true or false/);
  const enabled = resolve({ labels: { ...guide, 'traefik.enable': 'yes' } });
  assert.match(found(enabled).join(), /^error .*traefik\.enable: label traefik\.enable must be true or false/);
});

test('of several services a router names its own', () => {
  const two = { ...guide, 'traefik.http.services.admin.loadbalancer.server.port': '5001' };
  assert.match(
    found(resolve({ labels: two })).join(),
    /^error .*rule: router documentos-service does not say which of the services documentos-service, admin it goes to/,
  );
  const named = resolve({ labels: { ...two, 'traefik.http.routers.documentos-service.service': 'admin@docker' } });
  assert.deepEqual(found(named), []);
  assert.equal(named.routes[0]?.port, 5001);
});

test('labels that turn Traefik on and make no router are told, unless x-timonel makes the route', () => {
  const labels = { 'traefik.enable': 'true', 'traefik.http.services.s.loadbalancer.server.port': '5000' };
  assert.match(found(resolve({ labels })).join(), /^warning .*traefik\.enable: .*no router/);
  assert.deepEqual(found(resolve({ labels }, { route: { host: 'a.x' } })), []);
});

test('a rule that the proxy could not read is refused before', () => {
  for (const rule of ['HostRegexp(``)', 'PathRegexp(`(`)', 'ClientIP(`300.1.1.1`)', 'ClientIP(`10.0.0.0/33`)'])
    assert.match(found(resolve({ labels: { 'traefik.http.routers.r.rule': rule } })).join(), /^error .*cannot be read/);
  assert.deepEqual(found(resolve({ labels: { 'traefik.http.routers.r.rule': 'PathRegexp(`^/(?P<x>a)`)' } })), []);
});

test('labels under deploy count when the service has none itself', () => {
  const result = resolve({ deploy: { labels: guide } });
  assert.equal(result.routes.length, 1);
});

test('a bad rule, a lost port and an unknown service are errors at their labels', () => {
  const rule = { 'traefik.http.routers.r.rule': 'Hots(`a.x`)' };
  assert.deepEqual(found(resolve({ labels: rule })), [
    'error services.web.labels.traefik.http.routers.r.rule: the rule in traefik.http.routers.r.rule cannot be read: unknown matcher Hots; did you mean Host?',
  ]);
  const good = { 'traefik.http.routers.r.rule': 'Host(`a.x`)' };
  assert.match(found(resolve({ labels: good }, {}, []))[0] ?? '', /does not say which port/);
  assert.match(
    found(resolve({ labels: { ...good, 'traefik.http.routers.r.service': 'other' } }))[0] ?? '',
    /^error services\.web\.labels\.traefik\.http\.routers\.r\.service: router r goes to other/,
  );
});

test('all that is wrong with a router is told at once', () => {
  const labels = {
    'traefik.http.routers.r.rule': 'Hots(`a.x`)',
    'traefik.http.routers.r.entrypoints': 'metrics',
    'traefik.http.routers.r.middlewares': 'm',
    'traefik.http.middlewares.m.ratelimit.average': 'many',
  };
  assert.deepEqual(
    found(resolve({ labels })).map((one) => /labels\.traefik\.http\.(.*?):/.exec(one)?.[1]),
    ['routers.r.rule', 'routers.r.entrypoints', 'middlewares.m.ratelimit.average'],
  );
});

test('x-timonel.route: hosts and paths, several routes, one port known', () => {
  const result = resolve({}, { route: [{ host: ['a.x', 'B.x'], path: '/api', tls: true }, { host: 'c.x' }] });
  assert.deepEqual(result.routes.map(line), [
    'web https tls=self-signed (Host(`a.x`) || Host(`b.x`)) && (Path(`/api`) || PathPrefix(`/api/`)) -> 5000 @69',
    'web-2 http tls=none Host(`c.x`) -> 5000 @11',
  ]);
});

test('x-timonel.route: a rule in the words of Traefik, alone or beside host and path', () => {
  const result = resolve(
    {},
    { route: [{ rule: 'PathRegexp(`^/v[0-9]+/`)' }, { host: 'a.x', rule: '!Method(`GET`)' }] },
  );
  assert.deepEqual(result.routes.map(line), [
    'web http tls=none PathRegexp(`^/v[0-9]+/`) -> 5000 @24',
    'web-2 http tls=none Host(`a.x`) && !Method(`GET`) -> 5000 @29',
  ]);
  assert.deepEqual(found(resolve({}, { route: { host: 'a.x', rule: 'Phat(`/`)' } })), [
    'error services.web.x-timonel.route.rule: the rule in x-timonel.route cannot be read: unknown matcher Phat; did you mean Path?',
  ]);
});

test('x-timonel.route: a comma in a host, a host for tcp and an open choice of ports are errors', () => {
  assert.deepEqual(found(resolve({}, { route: { host: 'a.x,b.x' } })), [
    'error services.web.x-timonel.route.host: "a.x,b.x" is not one host name',
  ]);
  assert.match(found(resolve({}, { route: { host: 'a.x', protocol: 'tcp' } }))[0] ?? '', /cannot be chosen by host/);
  const two: Endpoint[] = [web, { ...web, port: 5001 }];
  assert.match(found(resolve({}, { route: { host: 'a.x' } }, two))[0] ?? '', /which port of web/);
});

test('endpoints: what a port speaks, and why', () => {
  const endpoints = (compose: Service, settings: unknown = {}, sourcePorts: readonly number[] = []) =>
    resolveEndpoints({
      name: 'web',
      compose,
      settings: serviceSettings.parse(settings),
      sourcePorts,
      locate,
    }).endpoints.map((one) => `${one.port} ${one.protocol} ${one.because}`);
  assert.deepEqual(endpoints({ labels: guide }), ['5000 http label']);
  assert.deepEqual(endpoints({}, {}, [6379]), ['6379 tcp well-known']);
  assert.deepEqual(endpoints({}, {}, [5432]), ['5432 tcp well-known']);
  assert.deepEqual(endpoints({ ports: [{ target: 7777, published: '80' }] }), ['7777 tcp well-known']);
  assert.deepEqual(endpoints({ ports: [{ target: 7777, app_protocol: 'http' }] }), ['7777 http app_protocol']);
  assert.deepEqual(endpoints({ ports: [{ target: 7777 }] }, { route: { host: 'a.x' } }), ['7777 http x-timonel.route']);
  assert.deepEqual(endpoints({ ports: [{ target: 7777 }] }, { route: { protocol: 'tcp' } }), [
    '7777 tcp x-timonel.route',
  ]);
  assert.deepEqual(endpoints({ expose: ['7777', '9000-9001/tcp', '53/udp'] }, { probe: { http: '/up' } }), [
    '7777 http probe',
    '9000 http well-known',
    '9001 tcp well-known',
  ]);
  const test = ['CMD', 'curl', '-f', 'http://localhost:7777/health'];
  assert.deepEqual(endpoints({ healthcheck: { test } }), ['7777 http healthcheck']);
});

test('a published udp port is an error, also where the engine would choose its number', () => {
  const udp = { target: 53, protocol: 'udp' };
  const findings = (port: object) =>
    found(
      resolveEndpoints({ name: 'web', compose: { ports: [port as never] }, settings: {}, sourcePorts: [], locate }),
    );
  assert.match(findings(udp)[0] ?? '', /^error services\.web\.ports\.0: port 53\/udp/);
  assert.match(findings({ ...udp, published: '53' })[0] ?? '', /^error services\.web\.ports\.0: port 53\/udp/);
});

test('a router uses a middleware that a neighbour defines', () => {
  const labels = { ...guide, 'traefik.http.routers.documentos-service.middlewares': 'slow@docker' };
  const api: Service = { labels: { 'traefik.http.middlewares.slow.ratelimit.average': '5' } };
  const input = { project: 'p', settings: {}, endpoints: [web], locate };
  const neighbours = { web: { labels }, api };
  const own = resolveRoutes({ ...input, service: 'web', compose: { labels }, neighbours });
  assert.deepEqual(found(own), []);
  assert.equal(own.routes[0]?.policy?.rules[0]?.kind, 'rate-limit');
  assert.deepEqual(found(resolveRoutes({ ...input, service: 'api', compose: api, neighbours })), []);
  assert.match(found(resolve({ labels }))[0] ?? '', /names middleware slow, which no label defines/);
});

test('more keys to count by than the proxy follows are an error', () => {
  const key = 'traefik.http.middlewares';
  const limits = ['a', 'b', 'c', 'd'].flatMap((name) => [
    [`${key}.${name}.ratelimit.average`, '5'],
    [`${key}.${name}.ratelimit.sourcecriterion.requestheadername`, `x-${name}`],
  ]);
  const labels = (names: string) => ({
    ...guide,
    ...Object.fromEntries(limits),
    'traefik.http.routers.documentos-service.middlewares': names,
  });
  const errors = (names: string) => found(resolve({ labels: labels(names) })).filter((one) => one.startsWith('error'));
  assert.deepEqual(errors('a,b,c'), []);
  assert.match(errors('a,b,c,d')[0] ?? '', /more than 3 different keys at once/);
});
