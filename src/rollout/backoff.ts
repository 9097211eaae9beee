import type { Exit } from '#model/instance.ts';
import type { RestartPolicy } from '#model/spec.ts';

/** First pause before a crashed instance is started again; it doubles up to the longest, milliseconds. */
const shortestMs = 100;
const longestMs = 30_000;

/** An instance that was healthy for this long has recovered: the next crash is its first again, milliseconds. */
export const recoveredAfterMs = 10_000;

/** What came before the crash at hand. */
export interface CrashHistory {
  /** Crashes in a row, without having been healthy for `recoveredAfterMs` in between. */
  readonly crashes: number;
}

export type RestartDecision = { readonly kind: 'restart'; readonly inMs: number } | { readonly kind: 'give-up' };

/** Does the policy start an instance again that ended like this? An end that nobody saw counts as a failure. */
export function mayRestart(policy: RestartPolicy, exit: Pick<Exit, 'code'>): boolean {
  if (policy.condition === 'none') return false;
  return policy.condition === 'any' || exit.code !== 0;
}

/**
 * What to do about a crash: start again after a pause that doubles with each, but is never shorter than the policy's
 * own delay; or leave it, when the policy says so or its attempts are used up.
 */
export function decideRestart(policy: RestartPolicy, exit: Pick<Exit, 'code'>, history: CrashHistory): RestartDecision {
  if (!mayRestart(policy, exit)) return { kind: 'give-up' };
  if (policy.maxAttempts !== undefined && history.crashes >= policy.maxAttempts) return { kind: 'give-up' };
  const backOff = Math.min(longestMs, shortestMs * 2 ** history.crashes);
  return { kind: 'restart', inMs: Math.max(policy.delayMs, backOff) };
}
