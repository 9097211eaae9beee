import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weightsFor } from './shares.ts';

function shareOf(percent: number, canaries: number, stables: number): number {
  const { canary, stable } = weightsFor({ percent, canaries, stables });
  assert.ok(canary >= 0 && canary <= 256 && stable >= 1 && stable <= 256, `${canary} ${stable}`);
  return (100 * canary * canaries) / (canary * canaries + stable * stables);
}

test('the canary as a whole gets its percentage, however many there are', () => {
  for (const percent of [1, 5, 10, 12.5, 20, 25, 33, 50, 75, 90])
    for (let canaries = 1; canaries <= Math.ceil((percent / 100) * 6); canaries += 1)
      for (let stables = 1; stables <= 6; stables += 1) {
        const got = shareOf(percent, canaries, stables);
        assert.ok(Math.abs(got - percent) < 0.2, `${percent} % with ${canaries} and ${stables}: ${got} %`);
      }
});

test('the usual shares are exact, with the largest weights', () => {
  assert.deepEqual(weightsFor({ percent: 5, canaries: 1, stables: 2 }), { canary: 26, stable: 247 });
  assert.deepEqual(weightsFor({ percent: 25, canaries: 1, stables: 3 }), { canary: 256, stable: 256 });
  assert.deepEqual(weightsFor({ percent: 50, canaries: 1, stables: 2 }), { canary: 256, stable: 128 });
});

test('no share is none', () => assert.equal(weightsFor({ percent: 0, canaries: 1, stables: 2 }).canary, 0));
