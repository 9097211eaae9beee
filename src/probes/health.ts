import type { Said } from '#core/messages/say.ts';
import type { Probe } from '#model/spec.ts';

/** What one question to an instance brought. */
export interface Answer {
  readonly ok: boolean;
  readonly said: Said;
}

/** The health of an instance, folded from its probe's answers. Times in milliseconds since the epoch. */
export interface Health {
  readonly state: 'starting' | 'healthy' | 'unhealthy';
  /** Start of the instance: the start period counts from here. */
  readonly since: number;
  readonly failuresInRow: number;
  readonly attempts: number;
  readonly last: Answer | undefined;
}

/** Before the first question. */
export function unknownHealth(since: number): Health {
  return { state: 'starting', since, failuresInRow: 0, attempts: 0, last: undefined };
}

/**
 * Takes one answer in. One good answer makes an instance healthy; `retries` bad ones in a row make it unhealthy, of
 * which those before the first good one count only after the start period (as the Compose healthcheck does).
 */
export function judge(health: Health, answer: Answer, probe: Probe, now: number): Health {
  const attempts = health.attempts + 1;
  if (answer.ok) return { ...health, state: 'healthy', failuresInRow: 0, attempts, last: answer };
  const excused = health.state === 'starting' && now - health.since < probe.startPeriodMs;
  const failuresInRow = excused ? 0 : health.failuresInRow + 1;
  const state = failuresInRow >= probe.retries ? 'unhealthy' : health.state;
  return { ...health, state, failuresInRow, attempts, last: answer };
}
