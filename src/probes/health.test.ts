import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '#core/messages/say.ts';
import type { Probe } from '#model/spec.ts';
import { type Health, judge, unknownHealth } from './health.ts';

const probe: Probe = {
  kind: 'tcp',
  port: 1,
  intervalMs: 1000,
  timeoutMs: 100,
  retries: 3,
  startPeriodMs: 5000,
  startIntervalMs: 100,
};
const good = { ok: true, said: said('PROBE_CONNECTED', { address: 'a' }) };
const bad = { ok: false, said: said('PROBE_UNREACHABLE', { address: 'a', reason: 'refused' }) };

/** Folds answers, one each second from second `from`. */
function fold(answers: string, from = 0): Health {
  return [...answers].reduce(
    (health, answer, index) => judge(health, answer === '+' ? good : bad, probe, (from + index) * 1000),
    unknownHealth(0),
  );
}

const cases = [
  { answers: '+', state: 'healthy' },
  { answers: '--', state: 'starting' },
  { answers: '-----', state: 'starting' },
  { answers: '-------', state: 'starting' },
  { answers: '--------', state: 'unhealthy' },
  { answers: '-----+', state: 'healthy' },
  { answers: '+--', state: 'healthy' },
  { answers: '+---', state: 'unhealthy' },
  { answers: '+--+--', state: 'healthy' },
  { answers: '+---+', state: 'healthy' },
] as const;

for (const { answers, state } of cases) {
  test(`health after ${answers}`, () => assert.equal(fold(answers).state, state));
}
