import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutlierRule } from '#model/policy.ts';
import { type Candidate, judgeOutliers, type Memory } from './judge.ts';

const rule: OutlierRule = {
  ...{ consecutive: 5, excess: 0.3, minRequests: 20, windowMs: 10_000 },
  ...{ pauseMs: 30_000, mostPauseMs: 300_000, mostShare: 0.5 },
};

function one(id: string, errors: number, more: Partial<Candidate> = {}): Candidate {
  return { id, sick: false, window: { requests: 100, errors }, streak: 0, ...more };
}

function judged(candidates: readonly Candidate[], memory: ReadonlyMap<string, Memory> = new Map(), now = 0) {
  return judgeOutliers({ rule, now, candidates, memory });
}

function out(result: ReadonlyMap<string, Memory>): string[] {
  return [...result].flatMap(([id, { until }]) => (until === undefined ? [] : [id]));
}

test('one that fails where its siblings do not is taken out, and only that one', () => {
  assert.deepEqual(out(judged([one('a', 100), one('b', 1), one('c', 0)])), ['a']);
  assert.deepEqual(out(judged([one('a', 31), one('b', 0), one('c', 0)])), ['a']);
  assert.deepEqual(out(judged([one('a', 30), one('b', 0), one('c', 0)])), [], 'not above the excess');
});

test('a fault that all have takes nobody away', () => {
  assert.deepEqual(out(judged([one('a', 90), one('b', 85), one('c', 95)])), []);
});

test('so many errors one after the other need no siblings to compare with', () => {
  const quiet = { requests: 5, errors: 5 };
  assert.deepEqual(out(judged([one('a', 0, { window: quiet, streak: 5 }), one('b', 0)])), ['a']);
  assert.deepEqual(out(judged([one('a', 0, { window: quiet, streak: 4 }), one('b', 0)])), []);
});

test('too few requests say nothing', () => {
  const few = { requests: 19, errors: 19 };
  assert.deepEqual(out(judged([one('a', 0, { window: few }), one('b', 0)])), []);
});

test('never the last one, and never more than the share, the worst first', () => {
  assert.deepEqual(out(judged([one('a', 100, { streak: 50 })])), []);
  assert.deepEqual(out(judged([one('a', 100, { streak: 50 }), one('b', 0, { sick: true })])), []);
  const bad = ['a', 'b', 'c'].map((id, n) => one(id, 80 + n, { streak: 9 }));
  assert.deepEqual(out(judged([...bad, one('d', 0)])).toSorted(), ['b', 'c'], 'half of four');
  const all = ['a', 'b'].map((id) => one(id, 100, { streak: 9 }));
  assert.equal(out(judged(all)).length, 1);
});

test('it comes back after its pause, is judged by what it does from then on, and next time stays out twice as long', () => {
  const bad = [one('a', 0, { streak: 9 }), one('b', 0), one('c', 0)];
  const first = judged(bad);
  assert.equal(first.get('a')?.until, 30_000);
  assert.deepEqual(out(judged(bad, first, 29_999)), ['a']);
  const back = judged([one('a', 0), one('b', 0), one('c', 0)], first, 30_000);
  assert.deepEqual(out(back), []);
  assert.equal(back.get('a')?.since, 30_000);
  const again = judged(bad, back, 31_000);
  assert.equal(again.get('a')?.until, 31_000 + 60_000);
  let memory = again;
  for (let n = 0; n < 8; n++) memory = judged(bad, memory, memory.get('a')?.until ?? 0);
  assert.equal((memory.get('a')?.until ?? 0) - (memory.get('a')?.since ?? 0), 300_000, 'at most so long');
});

test('one that behaves for long enough begins anew', () => {
  const fine = [one('a', 0), one('b', 0)];
  const memory = new Map([['a', { times: 4, since: 0 }]]);
  assert.equal(judged(fine, memory, 300_000).get('a')?.times, 4);
  assert.equal(judged(fine, memory, 300_001).get('a')?.times, 0);
});
