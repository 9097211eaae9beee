import assert from 'node:assert/strict';
import { get } from 'node:https';
import { test } from 'node:test';
import { appProject } from '../../support/app-project.ts';
import { freshHome } from '../../support/home.ts';
import { inTurn, type LabelledStage, setLabelledStage, tally, times } from '../../support/labelled-stage.ts';

/*
 * Every middleware and matcher as people write it in labels, by its names in both versions of Traefik, in a real proxy
 * before an upstream that counts and echoes.
 */

type Asked = Parameters<LabelledStage['ask']>[1];
type Answered = Awaited<ReturnType<LabelledStage['ask']>>;

const echo: Parameters<typeof setLabelledStage>[1] = (request, response) => {
  response.setHeader('content-type', 'text/plain');
  response.end(JSON.stringify({ url: request.url, headers: request.headers }));
};

const told = (answer: Answered) => JSON.parse(answer.body) as { url: string; headers: Record<string, string> };

interface Seen {
  readonly httpsPort: number;
  /** How many requests reached the service. */
  readonly reached: number;
}

interface Case {
  readonly middlewares: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly ask?: Asked;
  readonly judge: (answer: Answered, seen: Seen) => void;
}

const refused =
  (status: number) =>
  (answer: Answered, { reached }: Seen) => {
    assert.equal(answer.status, status);
    assert.equal(reached, 0, 'the service was spared');
  };
const reaches = (url: string) => (answer: Answered) => assert.equal(told(answer).url, url);

const cases: Readonly<Record<string, Case>> = {
  'addPrefix.prefix': { middlewares: { 'm.addprefix.prefix': '/v1' }, path: '/a?b=c', judge: reaches('/v1/a?b=c') },
  'stripPrefix.prefixes': {
    middlewares: { 'm.stripprefix.prefixes': '/api,/old' },
    path: '/old/a',
    judge: (answer) => {
      assert.equal(told(answer).url, '/a');
      assert.equal(told(answer).headers['x-forwarded-prefix'], '/old');
    },
  },
  'stripPrefixRegex.regex': {
    middlewares: { 'm.stripprefixregex.regex': '/v[0-9]+' },
    path: '/v12/a',
    judge: reaches('/a'),
  },
  'replacePath.path': {
    middlewares: { 'm.replacepath.path': '/one' },
    path: '/a/b?c=d',
    judge: (answer) => {
      assert.equal(told(answer).url, '/one?c=d');
      assert.equal(told(answer).headers['x-replaced-path'], '/a/b');
    },
  },
  replacePathRegex: {
    middlewares: { 'm.replacepathregex.regex': '^/a/(.*)', 'm.replacepathregex.replacement': '/b/$1' },
    path: '/a/x',
    judge: reaches('/b/x'),
  },
  'ipAllowList.sourceRange': {
    middlewares: { 'm.ipallowlist.sourcerange': '127.9.0.0/16' },
    ask: { from: '127.8.0.1' },
    judge: refused(403),
  },
  'ipWhiteList.sourceRange, of version 2': {
    middlewares: { 'm.ipwhitelist.sourcerange': '127.9.0.0/16' },
    ask: { from: '127.8.0.1' },
    judge: refused(403),
  },
  'ipAllowList lets in whom it names': {
    middlewares: { 'm.ipallowlist.sourcerange': '127.9.0.0/16, 10.0.0.1' },
    ask: { from: '127.9.0.1' },
    judge: (answer) => assert.equal(answer.status, 200),
  },
  'basicAuth.users': {
    middlewares: { 'm.basicauth.users': 'ana:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' },
    judge: (answer, seen) => {
      refused(401)(answer, seen);
      assert.match(String(answer.headers['www-authenticate']), /^Basic realm=/);
    },
  },
  'basicAuth with the password': {
    middlewares: { 'm.basicauth.users': 'ana:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', 'm.basicauth.headerfield': 'X-User' },
    ask: { headers: { authorization: `Basic ${Buffer.from('ana:password').toString('base64')}` } },
    judge: (answer) => assert.equal(told(answer).headers['x-user'], 'ana'),
  },
  'redirectScheme.scheme': {
    middlewares: { 'm.redirectscheme.scheme': 'https', 'm.redirectscheme.permanent': 'true' },
    path: '/a?b=c',
    judge: (answer, seen) => {
      refused(301)(answer, seen);
      assert.equal(answer.headers.location, `https://a.localhost:${seen.httpsPort}/a?b=c`);
    },
  },
  redirectRegex: {
    middlewares: { 'm.redirectregex.regex': '^http://([^/:]+)/(.*)', 'm.redirectregex.replacement': 'http://new.x/$2' },
    path: '/a?b=c',
    judge: (answer) => assert.deepEqual([answer.status, answer.headers.location], [302, 'http://new.x/a?b=c']),
  },
  'redirectRegex lets through who is there already': {
    middlewares: {
      'm.redirectregex.regex': '^http://(www\\.)?([^/]+)/(.*)',
      'm.redirectregex.replacement': 'http://$2/$3',
    },
    path: '/a?b=c',
    judge: (answer) => assert.equal(answer.status, 200),
  },
  'redirectRegex with nine groups': {
    middlewares: {
      'm.redirectregex.regex': '^http://[^/]+/(a)(b)(c)(d)(e)(f)(g)(h)(i)',
      'm.redirectregex.replacement': 'http://x/$9$1',
    },
    path: '/abcdefghij',
    judge: ({ headers }) => assert.equal(headers.location, 'http://x/iaj'),
  },
  'replacePathRegex replaces all that it finds': {
    middlewares: { 'm.replacepathregex.regex': '/v(\\d)', 'm.replacepathregex.replacement': '/"\\$1,]' },
    path: '/v1/v2/x',
    judge: (answer) => assert.equal(told(answer).url, '/"\\1,]/"\\2,]/x'),
  },
  'replacePathRegex that matches nothing too': {
    middlewares: { 'm.replacepathregex.regex': '(.*)', 'm.replacepathregex.replacement': '/api$1' },
    path: '/a?b=c',
    judge: reaches('/api/a?b=c'),
  },
  'a path with letters of ours': {
    middlewares: { 'm.stripprefix.prefixes': '/año' },
    path: '/a%C3%B1o/x',
    judge: reaches('/x'),
  },
  'buffering.maxRequestBodyBytes': {
    middlewares: { 'm.buffering.maxrequestbodybytes': '10' },
    ask: { method: 'POST', body: '12345678901' },
    judge: refused(413),
  },
  'headers.customRequestHeaders': {
    middlewares: { 'm.headers.customrequestheaders.X-Tenant': 'uno', 'm.headers.customrequestheaders.X-Drop': '' },
    ask: { headers: { 'x-drop': '1' } },
    judge: (answer) => {
      assert.equal(told(answer).headers['x-tenant'], 'uno');
      assert.equal(told(answer).headers['x-drop'], undefined);
    },
  },
  'headers.customResponseHeaders, frameDeny, contentTypeNosniff': {
    middlewares: {
      'm.headers.customresponseheaders.X-Robots-Tag': 'noindex',
      ...{ 'm.headers.framedeny': 'true', 'm.headers.contenttypenosniff': 'true' },
    },
    judge: ({ headers }) => {
      const { 'x-robots-tag': robots, 'x-frame-options': frame, 'x-content-type-options': sniff } = headers;
      assert.deepEqual([robots, frame, sniff], ['noindex', 'DENY', 'nosniff']);
    },
  },
  'headers.stsSeconds': {
    middlewares: { 'm.headers.stsseconds': '60', 'm.headers.forcestsheader': 'true' },
    judge: ({ headers }) => assert.equal(headers['strict-transport-security'], 'max-age=60'),
  },
  'headers.accessControlAllowOriginList': {
    middlewares: { 'm.headers.accesscontrolalloworiginlist': 'https://ok.x' },
    ask: { headers: { origin: 'https://ok.x' } },
    judge: ({ headers }) => assert.equal(headers['access-control-allow-origin'], 'https://ok.x'),
  },
  'headers.accessControlAllowMethods without an origin: preflights are answered, and nobody is allowed': {
    middlewares: { 'm.headers.accesscontrolallowmethods': 'GET,PUT' },
    ask: { method: 'OPTIONS', headers: { origin: 'https://no.x', 'access-control-request-method': 'PUT' } },
    judge: (answer, { reached }) => {
      assert.equal(reached, 0);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    },
  },
  'headers.hostsProxyHeaders': {
    middlewares: { 'm.headers.allowedhosts': 'b.x', 'm.headers.hostsproxyheaders': 'X-Asked,X-Other' },
    ask: { headers: { 'x-asked': 'B.x:80', 'x-other': 'c.x' } },
    judge: (answer) => assert.equal(answer.status, 200),
  },
  'headers.allowedHosts': { middlewares: { 'm.headers.allowedhosts': 'b.x' }, judge: refused(403) },
  'circuitBreaker.responseCode': {
    middlewares: { 'm.circuitbreaker.expression': 'NetworkErrorRatio() > 0.5', 'm.circuitbreaker.responsecode': '302' },
    judge: (answer) => assert.equal(answer.status, 200),
  },
  'compress.excludedContentTypes': {
    middlewares: { 'm.compress.excludedcontenttypes': 'text/plain' },
    ask: { headers: { 'accept-encoding': 'gzip', 'x-long': 'a'.repeat(4000) } },
    judge: ({ headers }) => assert.equal(headers['content-encoding'], undefined),
  },
  compress: {
    middlewares: { 'm.compress': 'true' },
    ask: { headers: { 'accept-encoding': 'gzip', 'x-long': 'a'.repeat(4000) } },
    judge: ({ headers }) => assert.equal(headers['content-encoding'], 'gzip'),
  },
};

test('each middleware', async (t) => {
  await using stage = await setLabelledStage({}, echo);
  for (const [name, { middlewares, path = '/', ask, judge }] of Object.entries(cases)) {
    await t.test(name, async () => {
      await stage.write({ middlewares, attach: 'm' });
      const before = stage.web.requests();
      const answer = await stage.ask(path, ask);
      judge(answer, { httpsPort: stage.httpsPort, reached: stage.web.requests() - before });
    });
  }
});

test('a chain runs its middlewares in their order', async () => {
  await using stage = await setLabelledStage(
    {
      middlewares: {
        ...{
          'all.chain.middlewares': 'strip,add',
          'strip.stripprefix.prefixes': '/api',
          'add.addprefix.prefix': '/v2',
        },
      },
      attach: 'all',
    },
    echo,
  );
  assert.equal(told(await stage.ask('/api/users')).url, '/v2/users');
});

test('rate limit and requests in flight by header and by host', async () => {
  const byHeader = {
    ...{ 'm.ratelimit.average': '1', 'm.ratelimit.burst': '2', 'm.ratelimit.period': '1m' },
    'm.ratelimit.sourcecriterion.requestheadername': 'X-Key',
  };
  await using stage = await setLabelledStage({ middlewares: byHeader, attach: 'm' });
  const asked = (key: string) => inTurn(4, () => stage.ask('/', { headers: { 'x-key': key } }));
  assert.deepEqual(tally(await asked('a')), { 200: 2, 429: 2 });
  assert.deepEqual(tally(await asked('b')), { 200: 2, 429: 2 });
  assert.equal(stage.web.requests(), 4);
});

test('retry.attempts: the upstream is asked again, and the client sees the good answer', async () => {
  let left = 2;
  await using stage = await setLabelledStage(
    { middlewares: { 'm.retry.attempts': '4', 'm.retry.initialinterval': '100ms' }, attach: 'm' },
    (request, response) => {
      if (left-- > 0) request.socket.destroy();
      else response.end('ok');
    },
  );
  assert.equal((await stage.ask('/')).status, 200);
  assert.equal(stage.web.requests(), 3);
});

const rules: readonly (readonly [rule: string, path: string, ask: Asked, status: number])[] = [
  ['HostRegexp(`^[a-z]+\\.shop\\.x$`)', '/', { host: 'uno.shop.x' }, 200],
  ['HostRegexp(`^[a-z]+\\.shop\\.x$`)', '/', { host: 'uno.dos.shop.x' }, 404],
  ['HostRegexp(`{sub:[a-z]+}.shop.x`)', '/', { host: 'uno.shop.x' }, 200],
  ['Host(`a.x`, `b.x`)', '/', { host: 'b.x' }, 200],
  ['ClientIP(`127.7.0.0/16`)', '/', { from: '127.7.1.1' }, 200],
  ['ClientIP(`127.7.0.0/16`)', '/', { from: '127.6.1.1' }, 404],
  ['Query(`debug`, `1`)', '/?x=2&debug=1', {}, 200],
  ['Query(`debug=1`)', '/?debug=1', {}, 200],
  ['Query(`debug`, `1`)', '/?debug=2', {}, 404],
  ['Query(`a=1`, `b=2`)', '/?a=1', {}, 404],
  ['Query(`a=1`, `b=2`)', '/?b=2&a=1', {}, 200],
  ['Query(`id={n:[0-9]+}`)', '/?id=x', {}, 404],
  ['Query(`id={n:[0-9]+}`)', '/?id=7', {}, 200],
  ['Query(`q`, `año dos`)', '/?x=1&q=a%C3%B1o+dos', {}, 200],
  ['QueryRegexp(`q`, `^a b$`)', '/?q=a%20b', {}, 200],
  ['Query(`mobile`)', '/?x=1&mobile', {}, 200],
  ['Query(`mobile`)', '/?mobile=', {}, 200],
  ['Query(`mobile`)', '/?mobiles', {}, 404],
  ['QueryRegexp(`id`, `^[0-9]+$`)', '/?id=12', {}, 200],
  ['Method(`POST`)', '/', { method: 'POST', body: 'x' }, 200],
  ['Method(`GET`, `HEAD`)', '/', { method: 'POST', body: 'x' }, 404],
  ['PathPrefix(`/`) && !PathPrefix(`/admin`)', '/admin/x', {}, 404],
  ['PathPrefix(`/`) && !PathPrefix(`/admin`)', '/x', {}, 200],
  ['PathPrefix(`/`) && !(Method(`GET`) || Method(`HEAD`))', '/x', {}, 404],
  ['Headers(`X-Key`, `a`)', '/', { headers: { 'x-key': 'a' } }, 200],
  ['HeaderRegexp(`X-Key`, `^a+$`)', '/', { headers: { 'x-key': 'aab' } }, 404],
  ['Headers(`X-Key`, ``)', '/', { headers: { 'x-key': 'any' } }, 200],
  ['Header(`X-Key`, ``)', '/', { headers: { 'x-key': 'any' } }, 404],
  ['Header(`X-Key`, `a`)', '/', { headers: { 'x-key': 'a' } }, 200],
  ['Header(`X-Key`, `a`)', '/', { headers: { 'x-key': 'b' } }, 404],
  ['HeadersRegexp(`X-Key`, `^a+$`)', '/', { headers: { 'x-key': 'aa' } }, 200],
  ['Path(`/a`)', '/a/b', {}, 404],
  ['Path(`/a`)', '/a?b=c', {}, 200],
  ['Path(`/products/{id:[0-9]+}`)', '/products/12', {}, 200],
  ['Path(`/products/{id:[0-9]+}`)', '/products/x', {}, 404],
  ['PathPrefix(`/a`, `/b`)', '/b/c', {}, 200],
  ['PathPrefix(`/trámites`)', '/tr%c3%a1mites/1', {}, 200],
  // However it is spelt, it is the path that a guard stands before.
  ...['/%61dmin', '//admin', '/./admin', '/x/../admin/', '/x/%2e%2E/admin', '/../admin'].map(
    (path) => ['PathPrefix(`/admin`)', path, {}, 200] as const,
  ),
  ['PathPrefix(`/admin`)', '/x%2Fadmin', {}, 404],
  ['PathRegexp(`^/v[0-9]+/`)', '/v2/x', {}, 200],
  ['PathRegexp(`^/v[0-9]+/`)', '/vx/x', {}, 404],
];

test('each rule', async (t) => {
  await using stage = await setLabelledStage({});
  for (const [rule, path, ask, status] of rules) {
    await t.test(`${rule}: ${path} ${JSON.stringify(ask)} gets ${status}`, async () => {
      await stage.write({ labels: { 'routers.web.rule': rule } });
      const before = stage.web.requests();
      assert.equal((await stage.ask(path, ask)).status, status);
      assert.equal(stage.web.requests() - before, status === 200 ? 1 : 0);
    });
  }
});

test('entry points and tls: only HTTPS answers, and plain HTTP is told so', async () => {
  const labels = { 'routers.web.entrypoints': 'websecure', 'routers.web.tls': 'true' };
  await using stage = await setLabelledStage({ labels });
  const plain = await stage.ask('/a?b=c');
  assert.deepEqual([plain.status, plain.headers.location], [308, `https://a.localhost:${stage.httpsPort}/a?b=c`]);
  const place = { host: stage.address, port: stage.httpsPort, servername: 'a.localhost', rejectUnauthorized: false };
  const status = await new Promise((resolve, reject) => {
    get({ ...place, headers: { host: 'a.localhost' } }, (answer) => resolve(answer.statusCode)).on('error', reject);
  });
  assert.equal(status, 200);
  assert.equal(stage.web.lastHeaders()['x-forwarded-proto'], 'https');
});

test('a sticky cookie of the labels keeps a client at its instance', async () => {
  const base = 'services.web.loadbalancer.sticky.cookie';
  await using stage = await setLabelledStage({ labels: { [`${base}.name`]: 'SID', [`${base}.httponly`]: 'true' } });
  const second = await stage.start('web-r1-2');
  await stage.serve([stage.web.server(), second.server()]);
  const first = await stage.ask('/');
  const [cookie = ''] = String(first.headers['set-cookie']).split(';');
  assert.match(String(first.headers['set-cookie']), /^SID=[0-9a-f]+; path=\/; HttpOnly$/);
  for (const { headers } of await times(6, () => stage.ask('/', { headers: { cookie } }))) {
    assert.equal(headers['x-instance'], first.headers['x-instance']);
  }
});

test('priority: the higher one wins, without it the longer rule', async () => {
  const labels = {
    'routers.broad.rule': 'Host(`a.localhost`) && PathPrefix(`/`)',
    'routers.broad.middlewares': 'broad',
    'routers.narrow.rule': 'Host(`a.localhost`) && PathPrefix(`/api`)',
    'routers.narrow.middlewares': 'narrow',
    'routers.web.rule': 'Host(`other.localhost`)',
    'middlewares.broad.headers.customresponseheaders.X-Took': 'broad',
    'middlewares.narrow.headers.customresponseheaders.X-Took': 'narrow',
  };
  await using longest = await setLabelledStage({ labels });
  assert.equal((await longest.ask('/api/x')).headers['x-took'], 'narrow');
  assert.equal((await longest.ask('/x')).headers['x-took'], 'broad');
  await using chosen = await setLabelledStage({ labels: { ...labels, 'routers.broad.priority': '1000' } });
  assert.equal((await chosen.ask('/api/x')).headers['x-took'], 'broad');
});

for (const [label, value] of [
  ['traefik.http.middlewares.m.errors.service', 'nobody@docker'],
  ['traefik.http.middlewares.m.forwardauth.address', 'http://auth'],
  ['traefik.http.middlewares.m.ratelimit.redis.endpoints', 'redis:6379'],
] as const) {
  test(`what cannot be done is an error that names the label and its place: ${label}`, async () => {
    await using home = await freshHome();
    const app = appProject(home);
    const labels = `labels:
  traefik.http.routers.web.rule: "Host(\`l.localhost\`)"
  traefik.http.routers.web.middlewares: m
  ${label}: "${value}"`;
    app.write({ replicas: 1, service: labels });
    const result = await home.cli(['plan', app.folder, '--lang', 'en']);
    assert.equal(result.code, 2, result.stdout + result.stderr);
    assert.match(result.stderr, /compose\.yaml:\d+:\d+/);
    assert.ok(result.stderr.includes(label.replace(/\.(address|endpoints)$/, '')), result.stderr);
  });
}

test("a project's trusted proxies: only their X-Forwarded-For makes other clients", async () => {
  const limit = { average: 1, period: '1m', burst: 2 };
  await using stage = await setLabelledStage({ route: { rateLimit: limit }, trustedProxies: ['127.2.0.0/16'] });
  const asked = (from: string) =>
    inTurn(5, (n) => stage.ask('/', { from, headers: { 'x-forwarded-for': `10.0.0.${n}` } }));
  assert.deepEqual(tally(await asked('127.3.0.1')), { 200: 2, 429: 3 }, 'a stranger stays one client');
  assert.deepEqual(tally(await asked('127.2.0.1')), { 200: 5 }, 'behind a trusted proxy there are five');
});
