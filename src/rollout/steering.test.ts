import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SteeringOrder } from '#model/journal.ts';
import { elapsedMs, isPaused, isPromoted, steer, unsteered } from './steering.ts';

function after(...orders: readonly (readonly [time: number, order: SteeringOrder])[]) {
  return orders.reduce(
    (now, [time, order]) => steer(now, { kind: 'steered', time, order, gates: ['analyse:web:1'], by: 'ana' }),
    unsteered,
  );
}

test('a pause stops the clock until it is lifted, however often it is asked for', () => {
  const paused = after([100, 'pause'], [150, 'pause']);
  assert.equal(isPaused(paused), true);
  assert.equal(elapsedMs(paused, 0, 400), 100);
  const resumed = after([100, 'pause'], [150, 'pause'], [300, 'resume'], [320, 'resume']);
  assert.equal(isPaused(resumed), false);
  assert.equal(elapsedMs(resumed, 0, 400), 200);
  assert.equal(elapsedMs(resumed, 200, 400), 100);
  assert.equal(elapsedMs(resumed, 350, 400), 50);
});

test('promote lifts one share and any pause, full lifts all', () => {
  const promoted = after([10, 'pause'], [20, 'promote']);
  assert.equal(isPaused(promoted), false);
  assert.deepEqual([isPromoted(promoted, 'analyse:web:1'), isPromoted(promoted, 'analyse:web:2')], [true, false]);
  assert.equal(isPromoted(after([10, 'promote-full']), 'analyse:web:2'), true);
});

test('an abort remembers who', () => assert.equal(after([10, 'abort']).abortedBy, 'ana'));
