import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveReplicas, resolveRestart, resolveStop } from './life.ts';

const restarts = [
  { service: {}, condition: 'any', maxAttempts: undefined },
  { service: { restart: 'no' }, condition: 'none', maxAttempts: undefined },
  { service: { restart: 'always' }, condition: 'any', maxAttempts: undefined },
  { service: { restart: 'unless-stopped' }, condition: 'any', maxAttempts: undefined },
  { service: { restart: 'on-failure:5' }, condition: 'on-failure', maxAttempts: 5 },
  {
    service: { restart: 'no', deploy: { restart_policy: { condition: 'on-failure', max_attempts: 3 } } },
    condition: 'on-failure',
    maxAttempts: 3,
  },
] as const;

for (const { service, condition, maxAttempts } of restarts) {
  test(`restart of ${JSON.stringify(service)}`, () => {
    const policy = resolveRestart(service);
    assert.deepEqual([policy.condition, policy.maxAttempts], [condition, maxAttempts]);
  });
}

test('stop: signal and grace of the file, else SIGTERM and 10 s', () => {
  assert.deepEqual(resolveStop({}), { stopSignal: 'SIGTERM', stopGraceMs: 10_000 });
  assert.deepEqual(resolveStop({ stop_signal: 'SIGINT', stop_grace_period: '2m0s' }), {
    stopSignal: 'SIGINT',
    stopGraceMs: 120_000,
  });
});

test('replicas: scale, else deploy.replicas, else one', () => {
  assert.equal(resolveReplicas({}), 1);
  assert.equal(resolveReplicas({ deploy: { replicas: 3 } }), 3);
  assert.equal(resolveReplicas({ scale: 0, deploy: { replicas: 3 } }), 0);
});
