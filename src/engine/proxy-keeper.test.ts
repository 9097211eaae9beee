import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { World } from '#world/world.ts';
import type { Parts } from './execute/context.ts';
import { ProxyKeeper } from './proxy-keeper.ts';
import type { TrafficKeeper } from './traffic-keeper.ts';

/** A proxy whose death is told by `die`; `onApply` happens in the middle of an apply. */
function keeperOf(onApply: (applies: number) => void) {
  let die = (): void => assert.fail('nobody watches');
  const pauses: number[] = [];
  const calls: string[] = [];
  const world = {
    balancer: {
      watch: (listener: () => void) => {
        die = listener;
        return () => {};
      },
      ensureRunning: async () => void calls.push('ensureRunning'),
    },
    clock: { wait: async (ms: number) => void pauses.push(ms) },
  } as unknown as World;
  const traffic = {
    all: () => ({}),
    apply: async () => {
      calls.push('apply');
      onApply(calls.filter((one) => one === 'apply').length);
    },
  } as unknown as TrafficKeeper;
  const events = { tell: () => {} } as unknown as Parts['events'];
  const failures: unknown[] = [];
  const keeper = new ProxyKeeper({ world, traffic, events, onFailure: (_, error) => failures.push(error) });
  return { keeper, calls, pauses, failures, die: () => die() };
}

test('a death that is told while the proxy is being brought back counts', async () => {
  const it = keeperOf((applies) => {
    if (applies === 1) it.die();
  });
  await it.keeper.bringBack();
  assert.deepEqual(it.calls, ['ensureRunning', 'apply', 'ensureRunning', 'apply']);
  assert.deepEqual(it.failures, []);
});

test('what fails is tried again after longer and longer pauses, and so is a proxy that dies again and again', async () => {
  const failing = keeperOf((applies) => {
    if (applies < 4) throw new Error('not yet');
  });
  await failing.keeper.bringBack();
  const dying = keeperOf((applies) => {
    if (applies < 4) dying.die();
  });
  await dying.keeper.bringBack();
  assert.deepEqual(
    [failing.pauses, dying.pauses],
    [
      [100, 500, 2000],
      [100, 500, 2000],
    ],
  );
  assert.deepEqual([failing.failures.length, dying.failures.length], [3, 0]);
});
