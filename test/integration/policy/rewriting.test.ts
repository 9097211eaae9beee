import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRule } from '#model/policy.ts';
import { setPolicyStage } from '../../support/policy-stage.ts';

/** The instance answers with what it was asked for. */
const echo: Parameters<typeof setPolicyStage>[1] = {
  answer: (request, response) => void response.end(JSON.stringify({ path: request.url, headers: request.headers })),
};

const paths: readonly { readonly rules: readonly PolicyRule[]; readonly cases: Readonly<Record<string, string>> }[] = [
  {
    rules: [{ kind: 'strip-prefix', prefixes: ['/api', '/v1.0/'] }],
    cases: {
      '/api/url?x=1': '/url?x=1 prefix=/api',
      '/api': '/ prefix=/api',
      '/api/': '/ prefix=/api',
      '/apix': '/apix',
      '/v1.0/a/b': '/a/b prefix=/v1.0',
      '/v1x0/a': '/v1x0/a',
      '/api/v1.0/a': '/v1.0/a prefix=/api',
    },
  },
  {
    rules: [{ kind: 'strip-prefix-regex', patterns: ['/(v|w)[0-9]+/'] }],
    cases: { '/v12/a?b=c': '/a?b=c prefix=/v12/', '/x/v1/a': '/x/v1/a', '/vx/a': '/vx/a' },
  },
  { rules: [{ kind: 'add-prefix', prefix: '/a%20b' }], cases: { '/x?y=1': '/a%20b/x?y=1', '/': '/a%20b/' } },
  { rules: [{ kind: 'replace-path', path: "/it's" }], cases: { '/x?y=1': "/it's?y=1 replaced=/x" } },
  {
    rules: [{ kind: 'replace-path-regex', pattern: '^/foo/(\\w+)/(.*)', replacement: '/bar/$2/${1}x%' }],
    cases: { '/foo/a/b?c=d': '/bar/b/ax%?c=d replaced=/foo/a/b', '/food': '/food' },
  },
  {
    rules: [{ kind: 'replace-path-regex', pattern: 'b+', replacement: '-' }],
    cases: { '/abbc': '/a-c replaced=/abbc' },
  },
  {
    rules: [
      { kind: 'strip-prefix', prefixes: ['/a'] },
      { kind: 'add-prefix', prefix: '/b' },
      { kind: 'strip-prefix', prefixes: ['/b/c'] },
    ],
    cases: { '/a/c/d': '/d prefix=/b/c', '/c/d': '/d prefix=/b/c' },
  },
];

for (const { rules, cases } of paths) {
  test(`paths: ${JSON.stringify(rules)}`, async () => {
    await using stage = await setPolicyStage(rules, echo);
    for (const [given, expected] of Object.entries(cases)) {
      const answer = await stage.get(given);
      assert.equal(answer.status, 200, given);
      const { path, headers } = JSON.parse(answer.body);
      const prefix = headers['x-forwarded-prefix'];
      const replaced = headers['x-replaced-path'];
      assert.equal(`${path}${prefix ? ` prefix=${prefix}` : ''}${replaced ? ` replaced=${replaced}` : ''}`, expected);
    }
  });
}

test('to https: 301 for GET and 308 for POST, and not when it is https already', async () => {
  const rule: PolicyRule = { kind: 'redirect-scheme', scheme: 'https', permanent: true };
  await using stage = await setPolicyStage([rule], { trustedProxies: ['127.0.0.0/8'] });
  const get = await stage.get('/a?b=1', { host: 'a.x:18080' });
  assert.deepEqual([get.status, get.headers.location], [301, `https://a.x:${stage.httpsPort}/a?b=1`]);
  assert.equal((await stage.get('/a', { method: 'POST', body: 'x' })).status, 308);
  assert.equal((await stage.get('/', { headers: { 'x-forwarded-proto': 'https' } })).status, 200);
  assert.equal(stage.web.requests(), 1);
});

test('to a given port, for now', async () => {
  const rule: PolicyRule = { kind: 'redirect-scheme', scheme: 'https', port: 443, permanent: false };
  await using stage = await setPolicyStage([rule]);
  const answer = await stage.get('/', { host: 'a.x' });
  assert.deepEqual([answer.status, answer.headers.location], [302, 'https://a.x/']);
  assert.equal((await stage.get('/', { method: 'PUT' })).status, 307);
});

test('redirects by a pattern on the whole URL', async () => {
  const rule: PolicyRule = {
    kind: 'redirect-regex',
    pattern: '^https?://(?P<sub>[^.]+)\\.old\\.x/(.*)',
    replacement: 'https://new.x/${sub}/$2?a=100%25',
    permanent: true,
  };
  await using stage = await setPolicyStage([rule], echo);
  const moved = await stage.get('/a,b/c', { host: 'www.old.x' });
  assert.deepEqual([moved.status, moved.headers.location], [301, 'https://new.x/www/a,b/c?a=100%25']);
  const stays = await stage.get('/a', { host: 'www.new.x' });
  assert.equal(stays.status, 200);
  assert.equal(JSON.parse(stays.body).headers['x-timonel-url'], undefined);
});

test('headers for the instance and for the client, byte for byte, and on error pages too', async () => {
  const odd = `it's "100%" \\ %[src] $HOME #1, ñ`.replace('ñ', 'n');
  await using stage = await setPolicyStage(
    [
      {
        kind: 'request-headers',
        set: [
          { name: 'X-Odd', value: odd },
          { name: 'X-Secret', value: '' },
        ],
      },
      {
        kind: 'response-headers',
        set: [
          { name: 'X-Odd', value: odd },
          { name: 'Server', value: '' },
          { name: 'X-Frame-Options', value: 'DENY' },
        ],
      },
      { kind: 'ip-allow', ranges: ['127.0.0.1'], status: 403 },
    ],
    {
      answer: (request, response) => {
        response.setHeader('server', 'x');
        response.setHeader('x-frame-options', 'SAMEORIGIN');
        response.end(JSON.stringify(request.headers));
      },
    },
  );
  const answer = await stage.get('/', { headers: { 'x-secret': '1' } });
  const told = JSON.parse(answer.body);
  assert.equal(told['x-odd'], odd);
  assert.equal(told['x-secret'], undefined);
  assert.equal(answer.headers['x-odd'], odd);
  assert.equal(answer.headers.server, undefined);
  assert.equal(answer.headers['x-frame-options'], 'DENY');
  const refused = await stage.get('/', { from: '127.0.0.2' });
  assert.deepEqual([refused.status, refused.headers['x-frame-options']], [403, 'DENY']);
  await stage.web.kill();
  const down = await stage.get('/');
  assert.deepEqual([down.status, down.headers['x-frame-options']], [503, 'DENY']);
});

test('HSTS only on https, unless it is forced', async () => {
  const rule = { kind: 'hsts', seconds: 60, subdomains: true, preload: false, always: false } as const;
  await using stage = await setPolicyStage([rule], { trustedProxies: ['127.0.0.0/8'] });
  assert.equal((await stage.get('/')).headers['strict-transport-security'], undefined);
  const secure = await stage.get('/', { headers: { 'x-forwarded-proto': 'https' } });
  assert.equal(secure.headers['strict-transport-security'], 'max-age=60; includeSubDomains');
  await using forced = await setPolicyStage([{ ...rule, always: true }]);
  assert.ok((await forced.get('/')).headers['strict-transport-security']);
});

test('CORS: preflight and marks for allowed origins only', async () => {
  await using stage = await setPolicyStage([
    {
      ...{ kind: 'cors', origins: ['https://ok.x'], originPatterns: ['^https://[a-z]+\\.two\\.x$'] },
      ...{ methods: ['GET', 'PUT'], headers: ['content-type'], exposeHeaders: ['X-A'], credentials: true },
      maxAgeSeconds: 600,
    },
  ]);
  const preflight = (origin: string) =>
    stage.get('/', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
  const allowed = await preflight('https://ok.x');
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers['access-control-allow-origin'], 'https://ok.x');
  assert.equal(allowed.headers['access-control-allow-methods'], 'GET,PUT');
  assert.equal(allowed.headers['access-control-allow-headers'], 'content-type');
  assert.equal(allowed.headers['access-control-max-age'], '600');
  assert.equal(allowed.headers['access-control-allow-credentials'], 'true');
  assert.equal((await preflight('https://abc.two.x')).headers['access-control-allow-origin'], 'https://abc.two.x');
  const other = await preflight('https://ok.x.evil');
  assert.deepEqual([other.status, other.headers['access-control-allow-origin']], [204, undefined]);
  assert.equal(stage.web.requests(), 0);
  const plain = await stage.get('/', { headers: { origin: 'https://ok.x' } });
  assert.equal(plain.headers['access-control-allow-origin'], 'https://ok.x');
  assert.equal(plain.headers['access-control-expose-headers'], 'X-A');
  assert.match(String(plain.headers.vary), /Origin/);
  assert.equal((await stage.get('/')).headers['access-control-allow-origin'], undefined);
});

test('CORS for all', async () => {
  const none = { originPatterns: [], methods: [], headers: [], exposeHeaders: [] };
  await using stage = await setPolicyStage([{ kind: 'cors', origins: ['*'], credentials: false, ...none }]);
  assert.equal((await stage.get('/')).headers['access-control-allow-origin'], '*');
});

test('texts are compressed for those who ask, other types are not', async () => {
  await using stage = await setPolicyStage(
    [
      { kind: 'compress', types: ['text/plain'] },
      { kind: 'body-limit', bytes: 9 },
    ],
    {
      answer: (request, response) => {
        response.setHeader('content-type', request.url === '/image' ? 'image/png' : 'text/plain; charset=utf-8');
        response.end('a'.repeat(36_000));
      },
    },
  );
  const asking = { headers: { 'accept-encoding': 'gzip' } };
  const small = await stage.get('/', asking);
  assert.equal(small.headers['content-encoding'], 'gzip');
  assert.ok(small.body.length < 1000);
  assert.equal((await stage.get('/')).body.length, 36_000);
  assert.equal((await stage.get('/image', asking)).headers['content-encoding'], undefined);
});
