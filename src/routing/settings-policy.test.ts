import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { Project } from '#model/project.ts';
import type { Endpoint } from '#model/route.ts';
import { readSettings } from '#settings/read.ts';
import { resolveRoutes } from './routes.ts';

const locate = (path: readonly (string | number)[]) => ({
  file: 'compose.yaml',
  line: path.length,
  column: 1,
  path: path.join('.'),
});
const endpoints: readonly Endpoint[] = [{ port: 80, protocol: 'http', because: 'label' }];

/** What `x-timonel.route` with these members (and a host) comes to. */
function resolve(members: Record<string, unknown>, place: Record<string, unknown> = { host: 'a.x' }) {
  const project: Project = { name: 'p', services: { web: { 'x-timonel': { route: { ...place, ...members } } } } };
  const read = readSettings(project, locate);
  const settings = read.services.web ?? {};
  const result = resolveRoutes({ project: 'p', service: 'web', compose: {}, settings, endpoints, locate });
  return {
    policy: result.routes[0]?.policy,
    findings: [...read.findings, ...result.findings].map((one) => `${one.at?.path}: ${say(one.said, 'en')}`),
  };
}

const address = { kind: 'address' };

const understood: readonly (readonly [given: Record<string, unknown>, policy: unknown])[] = [
  [{}, undefined],
  [
    { rateLimit: { average: 100, burst: 50 } },
    {
      rules: [
        { kind: 'rate-limit', key: address, allowance: { kind: 'bucket', average: 100, periodMs: 1000, burst: 50 } },
      ],
    },
  ],
  [
    {
      rateLimit: {
        windows: [
          { requests: 100, per: '1m' },
          { requests: 1000, per: '1h' },
        ],
        by: { header: 'X-Key' },
      },
    },
    {
      rules: [
        {
          kind: 'rate-limit',
          key: { kind: 'header', name: 'x-key' },
          allowance: {
            kind: 'windows',
            windows: [
              { requests: 100, perMs: 60_000 },
              { requests: 1000, perMs: 3_600_000 },
            ],
          },
        },
      ],
    },
  ],
  [{ inFlight: 5 }, { rules: [{ kind: 'in-flight', key: address, amount: 5 }] }],
  [
    { breaker: 'NetworkErrorRatio() > 0.5' },
    {
      rules: [
        {
          kind: 'breaker',
          expression: { kind: 'compare', measure: { kind: 'network-error-ratio' }, than: '>', value: 0.5 },
          ...{ checkPeriodMs: 100, fallbackMs: 10_000, recoveryMs: 10_000, status: 503 },
        },
      ],
    },
  ],
  [
    { retry: { attempts: 4, interval: '100ms', statuses: [503] } },
    { rules: [{ kind: 'retry', attempts: 4, initialIntervalMs: 100, statuses: [503] }] },
  ],
  [{ maxBody: '10MB' }, { rules: [{ kind: 'body-limit', bytes: 10_485_760 }] }],
  [{ timeout: { answer: '5s' } }, { rules: [{ kind: 'timeout', answerMs: 5000 }] }],
  [{ stripPrefix: '/api' }, { rules: [{ kind: 'strip-prefix', prefixes: ['/api'] }] }],
  [
    { security: { hsts: false, frame: 'deny', referrer: false } },
    {
      rules: [
        {
          kind: 'response-headers',
          set: [
            { name: 'X-Frame-Options', value: 'DENY' },
            { name: 'X-Content-Type-Options', value: 'nosniff' },
          ],
        },
      ],
    },
  ],
  [
    { sticky: true, scheme: 'https' },
    {
      rules: [],
      sticky: { name: 'timonel', secure: false, httpOnly: true, sameSite: 'lax' },
      scheme: 'https',
    },
  ],
];

for (const [given, policy] of understood) {
  test(`reads ${JSON.stringify(given)}`, () => {
    const result = resolve(given);
    assert.deepEqual(result.findings, []);
    assert.deepEqual(result.policy, policy);
  });
}

test('whatever the order in the file, what sees answers stands around all, and who may not come is sent away first', () => {
  const { policy } = resolve({
    errorPages: { status: 503, service: 'web' },
    responseHeaders: { 'X-A': '1' },
    addPrefix: '/v1',
    maxBody: 10,
    rateLimit: { average: 1 },
    allow: ['10.0.0.0/8'],
  });
  assert.deepEqual(
    policy?.rules.map((one) => one.kind),
    ['response-headers', 'error-pages', 'ip-allow', 'rate-limit', 'body-limit', 'add-prefix'],
  );
});

const refused: readonly (readonly [given: Record<string, unknown>, says: RegExp])[] = [
  [{ rateLimit: { average: 1, burts: 2 } }, /^services\.web\.x-timonel\.route\.rateLimit\.burts: .*unknown key burts/],
  [{ rateLimit: {} }, /either average or windows/],
  [{ rateLimit: { windows: [] } }, /rateLimit\.windows/],
  [{ errorPages: { status: 503, service: 'wep' } }, /route\.errorPages: .*the name of a service.* not "wep"/],
  [{ errorPages: { status: 503, service: 'web', port: 81 } }, /with a port that speaks HTTP/],
  [{ errorPages: { status: '599-500', service: 'web' } }, /from the lower to the higher/],
  [{ errorPages: { status: '200-500', service: 'web' } }, /route\.errorPages\.status/],
  [{ errorPages: { status: 418, service: 'web', rewrite: { 418: 204 } } }, /a status that has a body/],
  [{ maxBody: '10 parsecs' }, /route\.maxBody: a size such as 10MB/],
  [{ breaker: 'Foo() > 1' }, /route\.breaker: .*at character 1: unknown measure Foo/],
  [{ allow: ['10.0.0.0/33'] }, /route\.allow: .*addresses or ranges/],
  [{ basicAuth: { users: ['a:b'] } }, /route\.basicAuth: .*NAME:HASH/],
  [{ requestHeaders: { 'X-A': 'a\nb' } }, /route\.requestHeaders\.X-A: a text without line breaks/],
  [{ retry: { attempts: 3, statuses: [418] } }, /route\.retry\.statuses/],
  [{ rewrite: { from: '(', to: 'x' } }, /route\.rewrite\.from: a regular expression/],
  [{ sticky: { cookie: 'a b' } }, /route\.sticky\.cookie: letters, digits/],
];

for (const [given, says] of refused) {
  test(`refuses ${JSON.stringify(given)} at its place`, () => {
    const { findings } = resolve(given);
    assert.equal(findings.length, 1, findings.join('\n'));
    assert.match(findings[0] ?? '', says);
  });
}

test('a policy that no request would meet is an error', () => {
  assert.match(resolve({ inFlight: 5 }, {}).findings[0] ?? '', /has a policy but no host or path/);
});
