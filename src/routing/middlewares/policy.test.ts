import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasErrors } from '#core/finding.ts';
import { say } from '#core/messages/say.ts';
import { NamedServices } from '../named-services.ts';
import { objectsOf, traefikLabels } from '../traefik-labels.ts';
import { texts } from './compress.ts';
import { inspectMiddlewares } from './inspect.ts';
import { resolvePolicy } from './policy.ts';

const locate = (path: readonly (string | number)[]) => ({
  file: 'compose.yaml',
  line: path.length,
  column: 1,
  path: path.join('.'),
});

const pages = { labels: { 'traefik.http.services.error-pages.loadbalancer.server.port': '8080' } };
const services = new NamedServices({
  project: 'p',
  services: { pages, silent: {} },
  endpoints: { pages: [{ port: 8080, protocol: 'http', because: 'label' }] },
});

/** Labels of one router `r`; keys without `traefik.http.`. */
function resolve(given: Record<string, string>) {
  const labels = traefikLabels('web', {
    labels: Object.fromEntries(Object.entries(given).map(([key, value]) => [`traefik.http.${key}`, value])),
  });
  const routers = objectsOf(labels, 'routers');
  const defined = objectsOf(labels, 'middlewares');
  const [router = { name: 'r', options: new Map() }] = routers;
  const [service] = objectsOf(labels, 'services');
  const { policy, findings } = resolvePolicy({ router, service, defined, services, locate });
  const all = [...findings, ...inspectMiddlewares({ own: defined, defined, routers, locate })];
  return {
    policy,
    findings: all.map((one) => `${one.severity} ${one.at?.path}: ${say(one.said, 'en')}`),
    spanish: all.map((one) => say(one.said, 'es')),
    stops: hasErrors(all),
  };
}

function rules(middleware: Record<string, string>) {
  const labels = Object.entries(middleware).map(([key, value]) => [`middlewares.m.${key}`, value]);
  return resolve({ 'routers.r.middlewares': 'm', ...Object.fromEntries(labels) });
}

const bucket = (average: number, periodMs: number, burst: number) => ({ kind: 'bucket', average, periodMs, burst });
const address = { kind: 'address' };
const cors = { origins: [], originPatterns: [], methods: [], headers: [], exposeHeaders: [], credentials: false };

const understood: readonly {
  readonly name: string;
  readonly given: Record<string, string>;
  readonly rules: unknown;
}[] = [
  {
    name: 'rateLimit, any case, with its defaults',
    given: { 'RateLimit.Average': '100' },
    rules: [{ kind: 'rate-limit', key: address, allowance: bucket(100, 1000, 1) }],
  },
  {
    name: 'rateLimit by header and minute',
    given: {
      'ratelimit.average': '6',
      'ratelimit.period': '1m',
      'ratelimit.burst': '3',
      'ratelimit.sourcecriterion.requestheadername': 'X-Key',
    },
    rules: [{ kind: 'rate-limit', key: { kind: 'header', name: 'x-key' }, allowance: bucket(6, 60_000, 3) }],
  },
  { name: 'rateLimit of 0 is none', given: { 'ratelimit.average': '0' }, rules: [] },
  {
    name: 'inFlightReq counts by host',
    given: { 'inflightreq.amount': '5' },
    rules: [{ kind: 'in-flight', key: { kind: 'host' }, amount: 5 }],
  },
  {
    name: 'inFlightReq by address behind a proxy',
    given: { 'inflightreq.amount': '5', 'inflightreq.sourcecriterion.ipstrategy.depth': '2' },
    rules: [{ kind: 'in-flight', key: { kind: 'address', depth: 2 }, amount: 5 }],
  },
  {
    name: 'circuitBreaker with its defaults',
    given: { 'circuitbreaker.expression': 'NetworkErrorRatio() > 0.5' },
    rules: [
      {
        kind: 'breaker',
        expression: { kind: 'compare', measure: { kind: 'network-error-ratio' }, than: '>', value: 0.5 },
        checkPeriodMs: 100,
        fallbackMs: 10_000,
        recoveryMs: 10_000,
        status: 503,
      },
    ],
  },
  {
    name: 'retry',
    given: { 'retry.attempts': '4', 'retry.initialinterval': '100ms' },
    rules: [{ kind: 'retry', attempts: 4, statuses: [], initialIntervalMs: 100 }],
  },
  {
    name: 'retry of statuses, also by ranges',
    given: { 'retry.attempts': '2', 'retry.status': '404,500-599', 'retry.maxrequestbodybytes': '1024' },
    rules: [{ kind: 'retry', attempts: 2, statuses: [404, 500, 501, 502, 503, 504] }],
  },
  {
    name: 'buffering',
    given: { 'buffering.maxRequestBodyBytes': '10485760', 'buffering.memRequestBodyBytes': '1' },
    rules: [{ kind: 'body-limit', bytes: 10_485_760 }],
  },
  {
    name: 'ipWhiteList of version 2',
    given: { 'ipwhitelist.sourcerange': '127.0.0.1/32, 10.0.0.0/8,::1' },
    rules: [{ kind: 'ip-allow', ranges: ['127.0.0.1/32', '10.0.0.0/8', '::1'], status: 403 }],
  },
  {
    name: 'basicAuth',
    given: { 'basicauth.users': 'test:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/,b:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=' },
    rules: [
      {
        kind: 'basic-auth',
        users: [
          { name: 'test', hash: '$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/' },
          { name: 'b', hash: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=' },
        ],
        realm: 'traefik',
        removeHeader: false,
      },
    ],
  },
  {
    name: 'redirectScheme',
    given: { 'redirectscheme.scheme': 'https', 'redirectscheme.permanent': 'true' },
    rules: [{ kind: 'redirect-scheme', scheme: 'https', permanent: true }],
  },
  {
    name: 'redirectRegex',
    given: { 'redirectregex.regex': '^http://a/(.*)', 'redirectregex.replacement': 'http://b/${1}' },
    rules: [{ kind: 'redirect-regex', pattern: '^http://a/(.*)', replacement: 'http://b/${1}', permanent: false }],
  },
  {
    name: 'stripPrefix',
    given: { 'stripprefix.prefixes': '/api,/v1' },
    rules: [{ kind: 'strip-prefix', prefixes: ['/api', '/v1'] }],
  },
  {
    name: 'stripPrefixRegex',
    given: { 'stripprefixregex.regex': '/v[0-9]+/' },
    rules: [{ kind: 'strip-prefix-regex', patterns: ['/v[0-9]+/'] }],
  },
  { name: 'addPrefix', given: { 'addprefix.prefix': '/foo' }, rules: [{ kind: 'add-prefix', prefix: '/foo' }] },
  { name: 'replacePath', given: { 'replacepath.path': '/foo' }, rules: [{ kind: 'replace-path', path: '/foo' }] },
  {
    name: 'replacePathRegex',
    given: { 'replacepathregex.regex': '^/foo/(.*)', 'replacepathregex.replacement': '/bar/$1' },
    rules: [{ kind: 'replace-path-regex', pattern: '^/foo/(.*)', replacement: '/bar/$1' }],
  },
  {
    name: 'headers: custom ones keep their spelling',
    given: { 'headers.customRequestHeaders.X-A': '1', 'headers.customresponseheaders.Server': '' },
    rules: [
      { kind: 'request-headers', set: [{ name: 'X-A', value: '1' }] },
      { kind: 'response-headers', set: [{ name: 'Server', value: '' }] },
    ],
  },
  {
    name: 'headers: security',
    given: {
      'headers.stsseconds': '31536000',
      'headers.stsincludesubdomains': 'true',
      'headers.framedeny': 'true',
      'headers.contenttypenosniff': 'true',
      'headers.sslredirect': 'true',
    },
    rules: [
      { kind: 'redirect-scheme', scheme: 'https', permanent: true },
      {
        kind: 'response-headers',
        set: [
          { name: 'X-Frame-Options', value: 'DENY' },
          { name: 'X-Content-Type-Options', value: 'nosniff' },
        ],
      },
      { kind: 'hsts', seconds: 31_536_000, subdomains: true, preload: false, always: false },
    ],
  },
  {
    name: 'headers: CORS',
    given: {
      'headers.accesscontrolalloworiginlist': 'https://a.x,https://b.x',
      'headers.accesscontrolallowmethods': 'GET,PUT',
      'headers.accesscontrolmaxage': '100',
      'headers.addvaryheader': 'true',
    },
    rules: [
      { kind: 'cors', ...cors, origins: ['https://a.x', 'https://b.x'], methods: ['GET', 'PUT'], maxAgeSeconds: 100 },
    ],
  },
  {
    name: 'errors, with what the pages get and what the client gets instead',
    given: {
      'errors.status': '404, 500-599',
      'errors.statusRewrites.418': '404',
      'errors.statusRewrites.502-504': '500',
      'errors.service': 'error-pages@docker',
      'errors.query': '/{status}.html',
      'errors.errorRequestHeaders': 'Accept,Cookie',
    },
    rules: [
      {
        ...{ kind: 'error-pages', service: 'pages', port: 8080, query: '/{status}.html' },
        statuses: [
          { from: 404, to: 404 },
          { from: 500, to: 599 },
        ],
        rewrites: [
          { from: 418, to: 418, status: 404 },
          { from: 502, to: 504, status: 500 },
        ],
        headers: ['Accept', 'Cookie'],
      },
    ],
  },
  {
    name: 'errors by the name of the Compose service, as Traefik calls it without a label',
    given: { 'errors.status': '503', 'errors.service': 'pages-p' },
    rules: [
      {
        ...{ kind: 'error-pages', service: 'pages', port: 8080, query: '/', rewrites: [] },
        statuses: [{ from: 503, to: 503 }],
      },
    ],
  },
  {
    name: 'rateLimit with a burst of 0 has one of 1',
    given: { 'ratelimit.average': '2', 'ratelimit.burst': '0' },
    rules: [{ kind: 'rate-limit', key: address, allowance: bucket(2, 1000, 1) }],
  },
  {
    name: 'ipAllowList with an empty strategy',
    given: { 'ipallowlist.sourcerange': '10.0.0.1', 'ipallowlist.ipstrategy': 'true' },
    rules: [{ kind: 'ip-allow', ranges: ['10.0.0.1'], status: 403 }],
  },
  { name: 'buffering of answers without a limit', given: { 'buffering.maxresponsebodybytes': '0' }, rules: [] },
  {
    name: 'stripPrefixRegex: a list, and commas within braces',
    given: { 'stripprefixregex.regex': '/a{1,2}/, /b' },
    rules: [{ kind: 'strip-prefix-regex', patterns: ['/a{1,2}/', '/b'] }],
  },
  {
    name: 'compress without a value, and less than usual',
    given: { compress: '', 'compress.excludedContentTypes': 'text/html, Application/JSON' },
    rules: [{ kind: 'compress', types: texts.filter((one) => one !== 'text/html' && one !== 'application/json') }],
  },
  { name: 'compress=false', given: { compress: 'false' }, rules: [] },
  {
    name: 'headers: own words win over the usual ones',
    given: {
      ...{ 'headers.framedeny': 'true', 'headers.customframeoptionsvalue': 'SAMEORIGIN' },
      ...{ 'headers.browserxssfilter': 'true', 'headers.custombrowserxssvalue': '0', 'headers.publickey': 'pin' },
    },
    rules: [
      {
        kind: 'response-headers',
        set: [
          { name: 'X-Frame-Options', value: 'SAMEORIGIN' },
          { name: 'X-XSS-Protection', value: '0' },
          { name: 'Public-Key', value: 'pin' },
        ],
      },
    ],
  },
  {
    name: 'headers: isDevelopment takes back hosts, HTTPS and HSTS',
    given: {
      ...{ 'headers.isdevelopment': 'true', 'headers.allowedhosts': 'b.x', 'headers.sslredirect': 'true' },
      ...{ 'headers.stsseconds': '60', 'headers.contenttypenosniff': 'true' },
    },
    rules: [{ kind: 'response-headers', set: [{ name: 'X-Content-Type-Options', value: 'nosniff' }] }],
  },
  {
    name: 'headers: the host that a proxy in front was asked for',
    given: { 'headers.allowedhosts': 'b.x', 'headers.hostsproxyheaders': 'X-Forwarded-Host, X-Asked' },
    rules: [{ kind: 'host-allow', hosts: ['b.x'], headers: ['X-Forwarded-Host', 'X-Asked'] }],
  },
  {
    name: 'headers: CORS without an origin answers and allows nobody',
    given: { 'headers.accesscontrolallowmethods': 'GET' },
    rules: [{ kind: 'cors', ...cors, methods: ['GET'] }],
  },
  {
    name: 'headers: CORS by several patterns',
    given: { 'headers.accesscontrolalloworiginlistregex': '^https://a{1,2}$,^https://b$' },
    rules: [{ kind: 'cors', ...cors, originPatterns: ['^https://a{1,2}$', '^https://b$'] }],
  },
  { name: 'errors of no status is none', given: { 'errors.service': 'pages' }, rules: [] },
];

for (const { name, given, rules: expected } of understood) {
  test(name, () => {
    const result = rules(given);
    assert.deepEqual(result.findings, []);
    assert.deepEqual(result.policy?.rules ?? [], expected);
  });
}

const refused: readonly (readonly [given: Record<string, string>, says: RegExp])[] = [
  [
    { 'ratelimit.average': '-1' },
    /^error services\.web\.labels\..*average: .* must be a whole number from 0 on, not "-1"/,
  ],
  [{ 'ratelimit.average': '1', 'ratelimit.burts': '2' }, /there is no option burts; did you mean burst\?/],
  [{ 'ratelimit.average': '1', 'ratelimit.period': 'soon' }, /a duration such as/],
  [{ 'ratelimt.average': '1' }, /no middleware of kind ratelimt; did you mean ratelimit\?/],
  [{ 'circuitbreaker.expression': 'Foo() > 1' }, /cannot be read at character 1: unknown measure Foo/],
  [{ 'circuitbreaker.checkperiod': '1s' }, /circuitbreaker needs its option expression/],
  [{ 'forwardauth.address': 'http://x' }, /forwardauth\.address cannot be honoured: ask the service/],
  [{ 'retry.attempts': '2', 'retry.status': '505-599' }, /status must be of 401, 403/],
  [{ 'retry.attempts': '2', 'retry.timeout': '5s' }, /timeout cannot be honoured/],
  [{ 'retry.attempts': '2', 'retry.retrynonidempotentmethod': 'true' }, /reaches an instance once/],
  [{ 'errors.service': 'error-page' }, /errors\.service names service error-page, .*; did you mean error-pages\?/],
  [{ 'errors.service': 'silent' }, /nothing says on which port service silent speaks HTTP/],
  [{ 'errors.service': 'pages', 'errors.status': '200-299' }, /errors\.status must be statuses and ranges from 400/],
  [{ 'errors.service': 'pages', 'errors.statusrewrites.418': '204' }, /statusrewrites\.418 must be/],
  [{ 'errors.query': '/x' }, /errors needs its option service/],
  [{ 'basicauth.users': 'joe:plain' }, /must be NAME:HASH/],
  [{ 'ipallowlist.sourcerange': '10.0.0.0/33' }, /addresses or ranges/],
  [{ 'buffering.maxresponsebodybytes': '1' }, /maxresponsebodybytes cannot be honoured/],
  [{ 'addprefix.prefix': 'x' }, /begins with \//],
  [{ 'replacepath.path': '/a\nb' }, /without line breaks/],
  [{ 'redirectregex.regex': '(', 'redirectregex.replacement': 'x' }, /a regular expression/],
  [{ 'redirectregex.regex': '()'.repeat(10), 'redirectregex.replacement': 'x' }, /with at most 9 groups/],
  [{ 'stripprefixregex.regex': '/a,(' }, /regular expressions/],
  [{ 'basicauth.usersfile': '/users' }, /usersfile cannot be honoured/],
  [{ 'basicauth.users': 'b:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'basicauth.headerfield': 'X U' }, /a header name/],
  [{ 'circuitbreaker.expression': 'NetworkErrorRatio() > 0.5', 'circuitbreaker.responsecode': '204' }, /has a body/],
  [{ 'circuitbreaker.expression': 'NetworkErrorRatio() > 0.5', 'circuitbreaker.responsecode': '100' }, /has a body/],
  [{ 'inflightreq.sourcecriterion.requesthost': 'true' }, /inflightreq needs its option amount/],
  [{ 'inflightreq.amount': '0' }, /from 1 on/],
  [
    {
      ...{ 'ratelimit.average': '1', 'ratelimit.sourcecriterion.requesthost': 'true' },
      'ratelimit.sourcecriterion.requestheadername': 'X-Key',
    },
    /requestheadername must be the only criterion/,
  ],
  [
    {
      ...{ 'ratelimit.average': '1', 'ratelimit.sourcecriterion.requesthost': 'true' },
      'ratelimit.sourcecriterion.ipstrategy.depth': '1',
    },
    /requesthost must be the only criterion/,
  ],
  [{ 'compress.encodings': 'br,zstd' }, /encodings cannot be honoured/],
  [{ 'compress.includedcontenttypes': 'a/b', 'compress.excludedcontenttypes': 'a/c' }, /not beside/],
  [{ 'headers.customrequestheaders.Host': '' }, /a host name/],
  [{ 'headers.sslproxyheaders.X-Scheme': 'https' }, /sslproxyheaders\.X-Scheme cannot be honoured/],
  [{ 'headers.sslforcehost': 'true' }, /sslforcehost cannot be honoured/],
];

for (const [given, says] of refused) {
  test(`refuses ${JSON.stringify(given)}`, () => {
    const { findings, stops } = rules(given);
    assert.equal(findings.length, 1, findings.join('\n'));
    assert.match(findings[0] ?? '', says);
    assert.ok(stops);
  });
}

test('in Spanish every word of it is Spanish', () => {
  const said = rules({ 'ratelimit.average': 'x', 'ratelimit.burts': '1', 'ratelimit.redis.db': '1' }).spanish;
  assert.deepEqual(said, [
    'traefik.http.middlewares.m.ratelimit.average debe ser un número entero desde 0, no "x"',
    'traefik.http.middlewares.m.ratelimit.redis.db no se puede aplicar: los límites los lleva el proxy',
    'traefik.http.middlewares.m.ratelimit.burts: no hay opción burts; ¿quiso decir burst?',
  ]);
});

test('middlewares keep the order of the router, and chains unroll into it', () => {
  const { policy, findings } = resolve({
    'routers.r.middlewares': 'a@docker, both',
    'middlewares.both.chain.middlewares': 'c,b',
    'middlewares.a.addprefix.prefix': '/a',
    'middlewares.b.addprefix.prefix': '/b',
    'middlewares.c.addprefix.prefix': '/c',
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(
    policy?.rules.map((rule) => rule.kind === 'add-prefix' && rule.prefix),
    ['/a', '/c', '/b'],
  );
});

test('a chain in itself and an unknown name are errors', () => {
  const { findings } = resolve({
    'routers.r.middlewares': 'a,ration',
    'middlewares.a.chain.middlewares': 'a',
    'middlewares.ratio.addprefix.prefix': '/r',
  });
  assert.match(findings[0] ?? '', /chain a contains itself/);
  assert.match(findings[1] ?? '', /names middleware ration, which no label defines; did you mean ratio\?/);
});

/** The labels of the guide of documentos: the list form lets only the last of three expressions remain. */
const guide = {
  'routers.documentos-service.middlewares': 'documentos-service-ratelimit',
  'middlewares.documentos-service.circuitbreaker.expression': 'networkErrorRatio() > 0.5',
  'middlewares.documentos-service.retry.attempts': '4',
  'middlewares.documentos-service.retry.initialinterval': '100ms',
  'middlewares.documentos-service-ratelimit.ratelimit.average': '100',
  'middlewares.documentos-service-ratelimit.ratelimit.burst': '50',
  'middlewares.documentos-service-ratelimit.ratelimit.period': '1s',
};

test("the guide's middleware of two kinds that nothing uses is named, and the rest works", () => {
  const { policy, findings, stops } = resolve(guide);
  assert.deepEqual(policy?.rules, [{ kind: 'rate-limit', key: address, allowance: bucket(100, 1000, 50) }]);
  const place = 'services.web.labels.traefik.http.middlewares.documentos-service.circuitbreaker.expression';
  assert.deepEqual(findings, [
    `warning ${place}: middleware documentos-service is defined but no router uses it, so it does nothing`,
    `warning ${place}: middleware documentos-service is of several kinds (circuitbreaker, retry); Traefik refuses it as a whole`,
  ]);
  assert.equal(stops, false);
});

test('used by a router, a middleware of two kinds is an error', () => {
  const { findings, stops } = resolve({ ...guide, 'routers.documentos-service.middlewares': 'documentos-service' });
  assert.ok(stops);
  assert.ok(findings.some((one) => /^error .* of several kinds \(circuitbreaker, retry\)/.test(one)));
});

test('sticky cookies and https instances are said by the service', () => {
  const base = 'services.s.loadbalancer';
  assert.deepEqual(
    resolve({
      [`${base}.sticky.cookie.name`]: 'SID',
      [`${base}.sticky.cookie.secure`]: 'true',
      [`${base}.sticky.cookie.samesite`]: 'Lax',
      [`${base}.server.scheme`]: 'https',
    }).policy,
    { rules: [], sticky: { name: 'SID', secure: true, httpOnly: false, sameSite: 'lax' }, scheme: 'https' },
  );
  assert.deepEqual(resolve({ [`${base}.sticky`]: 'true' }).policy?.sticky?.name, '_s');
  assert.match(resolve({ [`${base}.server.scheme`]: 'h2c' }).findings[0] ?? '', /cannot be honoured/);
});

test('a service says of its cookie and its instances what can be done', () => {
  const service = (key: string, value: string) => resolve({ [`services.s.loadbalancer.${key}`]: value });
  assert.equal(service('sticky', 'false').policy, undefined);
  assert.equal(service('sticky.cookie', '').policy?.sticky?.name, '_s');
  assert.equal(service('strategy', 'wrr').findings.length, 0);
  for (const [key, value, says] of [
    ['sticky.cookie.domain', 'x.y', /domain cannot be honoured/],
    ['strategy', 'hrw', /strategy cannot be honoured: .*sticky/],
    ['strategy', 'fastest', /strategy must be wrr, p2c or leasttime/],
    ['server.weight', 'heavy', /weight must be a whole number from 1 on/],
  ] as const)
    assert.match(service(key, value).findings.join(), says);
});

test('a cookie for some paths only cannot be honoured', () => {
  const key = 'services.s.loadbalancer.sticky.cookie.path';
  assert.deepEqual(resolve({ [key]: '/' }).findings, []);
  assert.match(resolve({ [key]: '/app' }).findings[0] ?? '', /^error .*cookie\.path cannot be honoured/);
});
