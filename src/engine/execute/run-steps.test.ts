import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Step } from '#model/plan.ts';
import { FakeClock } from '../../../test/support/world/fake-clock.ts';
import { until, withDeadline } from '../waiting.ts';
import { runSteps } from './run-steps.ts';

function step(id: string, ...after: readonly string[]): Step {
  return { kind: 'prepare', service: id, id, after, deadlineMs: 1, cause: 'always' };
}

test('steps run as soon as what they wait for is done, and no more at once than allowed', async () => {
  const order: string[] = [];
  let running = 0;
  let most = 0;
  const left = await runSteps({
    steps: [step('a'), step('b'), step('c', 'a'), step('d', 'b', 'c'), step('e')],
    done: new Set(['b']),
    limit: 2,
    mayStart: () => true,
    run: async ({ id }) => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      order.push(id);
      running -= 1;
      return 'done';
    },
  });
  assert.deepEqual(order, ['a', 'e', 'c', 'd']);
  assert.equal(most, 2);
  assert.deepEqual(left, []);
});

test('followers of a failed step are not reached, of one that is let go they are', async () => {
  const run = (outcome: 'failed' | 'let-go') =>
    runSteps({
      steps: [step('a'), step('b', 'a'), step('c')],
      done: new Set(),
      limit: 4,
      mayStart: () => true,
      run: async ({ id }) => (id === 'a' ? outcome : 'done'),
    });
  assert.deepEqual(await run('failed'), ['b']);
  assert.deepEqual(await run('let-go'), []);
});

test('a deadline ends work that hangs, also work that does not heed its signal', async () => {
  const clock = new FakeClock();
  const limit = { ms: 1000, signal: new AbortController().signal, overdue: () => new Error('overdue') };
  let told = false;
  const heeding = (signal: AbortSignal) => clock.wait(60_000, signal).catch(() => (told = true));
  await assert.rejects(withDeadline(clock, limit, heeding), /overdue/);
  assert.equal(told, true);
  const begun = clock.now();
  await assert.rejects(
    withDeadline(clock, limit, () => new Promise(() => undefined)),
    /overdue/,
  );
  assert.equal(clock.now() - begun, 6000);
  assert.equal(await withDeadline(clock, limit, async () => 'in time'), 'in time');
});

test('waiting asks ever less often, and stops when told to', async () => {
  const clock = new FakeClock();
  const asked: number[] = [];
  const begun = clock.now();
  const check = () => asked.push(clock.now() - begun) >= 5;
  await until(check, { clock, signal: new AbortController().signal, fastestMs: 100, slowestMs: 200 });
  assert.deepEqual(asked, [0, 100, 250, 450, 650]);
  const stop = new AbortController();
  const waiting = until(() => false, { clock, signal: stop.signal, fastestMs: 100, slowestMs: 100 });
  stop.abort(new Error('stopped'));
  await assert.rejects(waiting, /stopped/);
});
