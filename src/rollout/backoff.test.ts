import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestartPolicy } from '#model/spec.ts';
import { decideRestart } from './backoff.ts';
import { releasesToDrop } from './retention.ts';

const always: RestartPolicy = { condition: 'any', delayMs: 0, maxAttempts: undefined, windowMs: 0 };

test('pauses between restarts double up to half a minute', () => {
  const pauses = [0, 1, 2, 8, 9, 50].map((crashes) => decideRestart(always, { code: 1 }, { crashes }));
  assert.deepEqual(
    pauses.map((one) => one.kind === 'restart' && one.inMs),
    [100, 200, 400, 25_600, 30_000, 30_000],
  );
});

test('the policy decides whether there is another try at all, and how long it waits at least', () => {
  const decide = (policy: Partial<RestartPolicy>, code: number | undefined, crashes = 0) =>
    decideRestart({ ...always, ...policy }, { code }, { crashes });
  assert.equal(decide({ condition: 'none' }, 1).kind, 'give-up');
  assert.equal(decide({ condition: 'on-failure' }, 0).kind, 'give-up');
  assert.equal(decide({ condition: 'on-failure' }, 1).kind, 'restart');
  assert.equal(decide({ condition: 'on-failure' }, undefined).kind, 'restart', 'nobody saw how it ended');
  assert.equal(decide({ maxAttempts: 3 }, 1, 2).kind, 'restart');
  assert.equal(decide({ maxAttempts: 3 }, 1, 3).kind, 'give-up');
  assert.deepEqual(decide({ delayMs: 5000 }, 1), { kind: 'restart', inMs: 5000 });
});

test('the newest good releases are kept, and any that something still needs', () => {
  const all = [1, 2, 3, 4, 5, 6];
  assert.deepEqual(releasesToDrop({ all, good: [6, 4, 3, 1], inUse: new Set([2]), keep: 2 }), [1, 3, 5]);
});
