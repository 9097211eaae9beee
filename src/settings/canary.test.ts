import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Project } from '#model/project.ts';
import { resolveCanary } from './canary.ts';
import { settleCanary } from './canary-fit.ts';
import { readSettings } from './read.ts';
import { resolveStrategy } from './strategy.ts';

const http = { port: 80, protocol: 'http', because: 'test' } as const;
const tcp = { port: 5432, protocol: 'tcp', because: 'test' } as const;

/** What the file's `strategy` means, or what is said against it. */
function read(strategy: unknown) {
  const project: Project = { name: 'p', services: { web: { 'x-timonel': { strategy } } } };
  const { services, findings } = readSettings(project, () => undefined);
  const resolved = resolveStrategy({ service: {}, settings: services.web ?? {}, project: {}, endpoints: [http] });
  return { strategy: resolved.strategy, findings: findings.map((one) => one.said) };
}

function canaryOf(strategy: unknown) {
  const result = read(strategy);
  assert.deepEqual(result.findings, []);
  assert.equal(result.strategy.kind, 'canary');
  return result.strategy as ReturnType<typeof resolveCanary>;
}

test('the word alone has sensible defaults', () => {
  const { steps, routing, analysis } = canaryOf('canary');
  assert.deepEqual(
    steps.map((one) => [one.percent, one.pause]),
    [
      [5, 60_000],
      [25, 60_000],
      [50, 60_000],
      [100, 0],
    ],
  );
  assert.deepEqual(routing, { match: [] });
  assert.deepEqual([analysis.minRequests, analysis.inconclusive.action], [50, 'fail']);
  assert.deepEqual(analysis.thresholds, [
    { measure: 'error-ratio', most: 0.05 },
    { measure: 'p95', timesStable: 2, floor: 100 },
  ]);
});

test('everything can be said', () => {
  const { steps, routing, analysis } = canaryOf({
    kind: 'canary',
    pause: '30s',
    steps: ['0%', 10, { weight: '12.5%', pause: 'forever' }, { weight: '50 %', pause: '2m' }],
    match: { header: { 'X-Canary': 'yes' }, cookie: { tester: 'ana' } },
    sticky: { cookie: 'side', maxAge: '2h' },
    analysis: {
      interval: '10s',
      minRequests: 20,
      errorRatio: 0.01,
      p95: { max: '300ms', timesStable: 1.5 },
      checks: [
        { prometheus: 'http://127.0.0.1:9090/', query: 'up', min: 1 },
        { http: '/self', json: 'data.ok', equals: true },
      ],
      inconclusive: { for: '1m', action: 'pause' },
    },
  });
  assert.deepEqual(
    steps.map((one) => [one.percent, one.pause]),
    [
      [0, 30_000],
      [10, 30_000],
      [12.5, 'promoted'],
      [50, 120_000],
      [100, 0],
    ],
  );
  assert.deepEqual(routing, {
    match: [
      { kind: 'header', name: 'X-Canary', value: 'yes' },
      { kind: 'cookie', name: 'tester', value: 'ana' },
    ],
    sticky: { cookie: 'side', maxAgeSeconds: 7200 },
  });
  assert.deepEqual(analysis, {
    intervalMs: 10_000,
    minRequests: 20,
    thresholds: [
      { measure: 'error-ratio', most: 0.01 },
      { measure: 'p95', most: 300, timesStable: 1.5 },
    ],
    checks: [
      { kind: 'prometheus', url: 'http://127.0.0.1:9090', query: 'up', demand: { least: 1 } },
      { kind: 'http', url: '/self', status: [], json: 'data.ok', demand: { equals: 'true' } },
    ],
    inconclusive: { forMs: 60_000, action: 'pause' },
  });
});

test('no analysis leaves life and probe', () => {
  assert.deepEqual(canaryOf({ kind: 'canary', analysis: false }).analysis.thresholds, []);
});

for (const [what, strategy, demand] of [
  ['a share above the whole', { kind: 'canary', steps: ['120%'] }, /0% to 100%/],
  ['a share less than the proxy can give', { kind: 'canary', steps: ['0%', '0.3%'] }, /at least 0.4%/],
  ['no share', { kind: 'canary', steps: [] }, /at least one share/],
  ['a share where a list belongs', { kind: 'canary', steps: '5%' }, /a list of shares/],
  ['a step without a share', { kind: 'canary', steps: [{ pause: '5m' }] }, /a share of the requests/],
  ['another kind', { kind: 'canari', steps: ['5%'] }, /rolling, blue-green, canary/],
  ['a ratio in percent', { kind: 'canary', analysis: { errorRatio: '5%' } }, /from 0 to 1/],
  ['a measure without a bound', { kind: 'canary', analysis: { p95: { floor: '50ms' } } }, /max, timesStable or both/],
  ['an analysis that is none', { kind: 'canary', analysis: true }, /false, or bounds/],
  ['a path that is none', { kind: 'canary', analysis: { checks: [{ http: 'selftest' }] } }, /address/],
  ['an address that is none', { kind: 'canary', analysis: { checks: [{ http: 'http://[::1' }] } }, /address/],
  ['shares that do not grow', { kind: 'canary', steps: ['25%', '5%'] }, /grow/],
  [
    'a query without a bound',
    { kind: 'canary', analysis: { checks: [{ prometheus: 'http://p', query: 'up' }] } },
    /min/,
  ],
  ['no address', { kind: 'canary', analysis: { checks: [{ prometheus: 'nowhere', query: 'up', max: 1 }] } }, /address/],
] as const) {
  test(`refused: ${what}`, () => {
    const [first] = read(strategy).findings;
    assert.match(String(first?.facts.demand), demand);
    assert.notEqual(first?.facts.demandEs ?? first?.facts.demand, first?.facts.demand, 'in Spanish too');
  });
}

test('an unknown key is named with its nearest', () => {
  const [first] = read({ kind: 'canary', stpes: ['5%'] }).findings;
  assert.deepEqual([first?.code, first?.facts.nearest], ['SETTINGS_UNKNOWN_KEY', 'steps']);
});

test('a canary needs requests to share', () => {
  const strategy = resolveCanary({ kind: 'canary' });
  const settled = (endpoints: readonly (typeof http | typeof tcp)[], balance: 'roundrobin' | 'leastconn') => {
    const { findings, ...rest } = settleCanary({ name: 'web', strategy, endpoints, balance, locate: () => undefined });
    return [rest.balance, ...findings.map((one) => one.said.code)];
  };
  assert.deepEqual(settled([http], 'roundrobin'), ['roundrobin']);
  assert.deepEqual(settled([http], 'leastconn'), ['roundrobin', 'CANARY_LEASTCONN']);
  assert.deepEqual(settled([tcp], 'roundrobin'), ['roundrobin', 'CANARY_NEEDS_HTTP']);
  const project = { strategy: 'canary' } as const;
  assert.equal(resolveStrategy({ service: {}, settings: {}, project, endpoints: [] }).strategy.kind, 'rolling');
});
