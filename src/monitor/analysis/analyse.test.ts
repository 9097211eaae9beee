import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Threshold } from '#model/canary.ts';
import { type Analysis, analyse, type ReleaseStats } from './analyse.ts';

const stats = (requests: number, errors: number, p95 = 20, timed = requests): ReleaseStats => ({
  ...{ requests, errors, timed },
  ...(requests === 0 ? {} : { p50: p95 / 2, p95, p99: p95 * 2 }),
});

const errors: Threshold = { measure: 'error-ratio', most: 0.05, timesStable: 2, floor: 0.01 };
const latency: Threshold = { measure: 'p95', timesStable: 1.5, floor: 50 };

const cases: readonly (readonly [what: string, given: Omit<Analysis, 'minRequests'>, verdict: string])[] = [
  ['healthy', { canary: stats(100, 1), stable: stats(900, 8), thresholds: [errors, latency] }, 'pass'],
  ['500 for one in ten', { canary: stats(100, 10), stable: stats(900, 0), thresholds: [errors, latency] }, 'fail'],
  [
    'worse than the stable release, though not bad in itself',
    { canary: stats(100, 4), stable: stats(900, 9), thresholds: [errors] },
    'fail',
  ],
  [
    'three times slower',
    { canary: stats(100, 0, 180), stable: stats(900, 0, 60), thresholds: [errors, latency] },
    'fail',
  ],
  [
    'three times slower where nobody notices',
    { canary: stats(100, 0, 3), stable: stats(900, 0, 1), thresholds: [latency] },
    'pass',
  ],
  ['too little traffic', { canary: stats(19, 0), stable: stats(900, 0), thresholds: [errors] }, 'inconclusive'],
  ['no traffic', { canary: stats(0, 0), stable: stats(0, 0), thresholds: [errors, latency] }, 'inconclusive'],
  ['nothing but errors, early', { canary: stats(5, 5), stable: stats(50, 0), thresholds: [errors] }, 'fail'],
  [
    'one early error may be chance',
    { canary: stats(5, 1), stable: stats(50, 0), thresholds: [errors] },
    'inconclusive',
  ],
  ['nothing to compare with', { canary: stats(100, 0), stable: stats(3, 0), thresholds: [latency] }, 'inconclusive'],
  [
    'slower by few that were timed of many',
    { canary: stats(300, 0, 180, 19), stable: stats(900, 0, 60, 56), thresholds: [latency] },
    'inconclusive',
  ],
  [
    'errors of many, few of them timed',
    { canary: stats(300, 30, 20, 19), stable: stats(900, 0), thresholds: [errors, latency] },
    'fail',
  ],
  [
    'a median beyond what may be',
    { canary: stats(100, 0, 60), stable: stats(900, 0, 60), thresholds: [{ measure: 'p50', most: 25 }] },
    'fail',
  ],
  [
    'a p99 within what may be',
    {
      canary: stats(100, 0, 60),
      stable: stats(900, 0, 60),
      thresholds: [{ measure: 'p99', most: 120, timesStable: 1 }],
    },
    'pass',
  ],
  ['both fail alike', { canary: stats(100, 4), stable: stats(900, 36), thresholds: [errors] }, 'pass'],
  ['no threshold', { canary: stats(100, 0), stable: stats(900, 0), thresholds: [] }, 'inconclusive'],
];

for (const [what, given, verdict] of cases) {
  test(`${what}: ${verdict}`, () => assert.equal(analyse({ ...given, minRequests: 20 }).verdict, verdict));
}

test('the evidence says what was compared with what', () => {
  const { evidence } = analyse({
    ...{ canary: stats(100, 10), stable: stats(900, 9) },
    ...{ thresholds: [errors], minRequests: 20 },
  });
  assert.deepEqual(evidence, [
    {
      kind: 'threshold',
      measure: 'error-ratio',
      bound: 'most',
      verdict: 'fail',
      canary: 0.1,
      stable: undefined,
      limit: 0.05,
    },
    {
      kind: 'threshold',
      measure: 'error-ratio',
      bound: 'times-stable',
      verdict: 'fail',
      canary: 0.1,
      stable: 0.01,
      limit: 0.02,
    },
  ]);
});

/** A small generator with a seed, so that a failure can be seen again. */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

test('over 2000 generated analyses: more errors never help, and few requests never pass', () => {
  const random = numbers(7);
  const draw = (most: number) => Math.floor((random.next().value ?? 0) * most);
  for (let n = 0; n < 2000; n++) {
    const requests = draw(60);
    const bad = draw(requests + 1);
    const stable = stats(draw(500), 0, 1 + draw(100));
    const canary = stats(requests, bad, 1 + draw(300));
    const thresholds = [errors, latency].slice(0, 1 + draw(2));
    const now = analyse({ canary, stable, thresholds, minRequests: 20 }).verdict;
    if (requests < 20) assert.notEqual(now, 'pass');
    const worse = { ...canary, errors: Math.min(requests, bad + 1) };
    const then = analyse({ canary: worse, stable, thresholds, minRequests: 20 }).verdict;
    if (now === 'fail') assert.equal(then, 'fail', JSON.stringify({ canary, stable }));
    if (then === 'pass') assert.equal(now, 'pass', JSON.stringify({ canary, stable }));
    assert.deepEqual(
      analyse({ canary: canary, stable, thresholds: [...thresholds].reverse(), minRequests: 20 }).verdict,
      now,
    );
  }
});

test('an early failure is one that no further request could have averted', () => {
  for (let requests = 1; requests < 20; requests++) {
    for (let bad = 0; bad <= requests; bad++) {
      const { verdict } = analyse({
        ...{ canary: stats(requests, bad), stable: stats(100, 0) },
        ...{ thresholds: [{ measure: 'error-ratio', most: 0.3 }], minRequests: 20 },
      });
      assert.equal(verdict, bad / 20 > 0.3 ? 'fail' : 'inconclusive');
    }
  }
});
