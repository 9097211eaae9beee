import type { CanaryEvidence, Measure, Threshold, Verdict } from '#model/canary.ts';

/** What one release answered in a window of time. */
export interface ReleaseStats {
  readonly requests: number;
  /** Answers of 500 and above, and requests without an answer. */
  readonly errors: number;
  /** How many answers the times are from. */
  readonly timed: number;
  /** Milliseconds; absent when nothing was answered. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

export interface Analysis {
  readonly canary: ReleaseStats;
  readonly stable: ReleaseStats;
  readonly thresholds: readonly Threshold[];
  /** With fewer requests a release says nothing. */
  readonly minRequests: number;
}

/** Evidence of a comparison. */
export type Evidence = Extract<CanaryEvidence, { readonly kind: 'threshold' }>;

/**
 * Is the canary as good as it must be? One bound that is broken fails it; it passes only when every bound was compared
 * on enough requests. Without any threshold nothing is known.
 */
export function analyse(analysis: Analysis): { readonly verdict: Verdict; readonly evidence: readonly Evidence[] } {
  const evidence = analysis.thresholds.flatMap((threshold) => [
    ...(threshold.most === undefined ? [] : [compareWithMost(threshold.measure, threshold.most, analysis)]),
    ...(threshold.timesStable === undefined ? [] : [compareWithStable(threshold, threshold.timesStable, analysis)]),
  ]);
  return { verdict: verdictOf(evidence), evidence };
}

function verdictOf(evidence: readonly Evidence[]): Verdict {
  if (evidence.some((one) => one.verdict === 'fail')) return 'fail';
  return evidence.length > 0 && evidence.every((one) => one.verdict === 'pass') ? 'pass' : 'inconclusive';
}

function compareWithMost(measure: Measure, limit: number, { canary, minRequests }: Analysis): Evidence {
  const value = measured(canary, measure);
  const facts = { kind: 'threshold', measure, bound: 'most', canary: value, stable: undefined, limit } as const;
  // Even if all requests still missing went well, the ratio would be too high: there is nothing to wait for.
  const isLost = measure === 'error-ratio' && canary.errors > limit * Math.max(minRequests, canary.requests);
  if (isLost) return { ...facts, verdict: 'fail' };
  return { ...facts, verdict: judge({ value, limit, isEnough: known(canary, measure) >= minRequests }) };
}

function compareWithStable({ measure, floor = 0 }: Threshold, times: number, analysis: Analysis): Evidence {
  const { canary, stable, minRequests } = analysis;
  const value = measured(canary, measure);
  const usual = measured(stable, measure);
  const limit = usual === undefined ? undefined : Math.max(floor, usual * times);
  const isEnough = known(canary, measure) >= minRequests && known(stable, measure) >= minRequests;
  const facts = { kind: 'threshold', measure, bound: 'times-stable', canary: value, stable: usual, limit } as const;
  return { ...facts, verdict: judge({ value, limit, isEnough }) };
}

interface Comparison {
  readonly value: number | undefined;
  readonly limit: number | undefined;
  readonly isEnough: boolean;
}

function judge({ value, limit, isEnough }: Comparison): Verdict {
  if (value === undefined || limit === undefined || !isEnough) return 'inconclusive';
  return value > limit ? 'fail' : 'pass';
}

/** Requests that the value rests on. Errors are all counted; under load only some are timed. */
function known({ requests, timed }: ReleaseStats, measure: Measure): number {
  return measure === 'error-ratio' ? requests : timed;
}

function measured(stats: ReleaseStats, measure: Measure): number | undefined {
  if (measure !== 'error-ratio') return stats[measure];
  return stats.requests === 0 ? undefined : stats.errors / stats.requests;
}
