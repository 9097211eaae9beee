import type { OutlierRule } from '#model/policy.ts';

/** What an instance answered lately. */
export interface Lately {
  readonly requests: number;
  /** Answers of 500 and above, and requests without a whole answer. */
  readonly errors: number;
}

export interface Candidate {
  readonly id: string;
  /** Nothing new reaches it for another reason: it is no candidate, and no one to fall back on. */
  readonly sick: boolean;
  /** In the rule's window, and not before it was last let back in. */
  readonly window: Lately;
  /** Errors since its last success. */
  readonly streak: number;
}

/** What is remembered of an instance between two looks. */
export interface Memory {
  /** Taken out until then, milliseconds since the epoch. */
  readonly until?: number;
  readonly cause?: OutlierCause;
  /** How often in a row it was taken out; each time for twice as long. */
  readonly times: number;
  /** Since when it may be judged: what it did before is paid for. */
  readonly since: number;
}

export type OutlierCause =
  | { readonly kind: 'streak'; readonly errors: number }
  | { readonly kind: 'ratio'; readonly errorRatio: number; readonly siblings: number };

interface Input {
  readonly rule: OutlierRule;
  readonly now: number;
  /** Instances of one service and one release. */
  readonly candidates: readonly Candidate[];
  readonly memory: ReadonlyMap<string, Memory>;
}

/**
 * Which instances get nothing new for a while, because they fail where their siblings do not. Never the last one that
 * serves, and never more than the rule's share, so that a fault that all have takes nobody away.
 */
export function judgeOutliers({ rule, now, candidates, memory }: Input): ReadonlyMap<string, Memory> {
  const next = new Map(candidates.map(({ id }) => [id, letBack(memory.get(id), rule, now)]));
  const isOut = (id: string) => next.get(id)?.until !== undefined;
  const suspects = candidates
    .filter((one) => !one.sick && !isOut(one.id))
    .flatMap((one) => {
      const cause = causeOf(one, candidates, rule);
      return cause === undefined ? [] : [{ one, cause }];
    })
    .toSorted((a, b) => ratioOf(b.one.window) - ratioOf(a.one.window));
  for (const { one, cause } of suspects) {
    const out = candidates.filter(({ id }) => isOut(id)).length;
    const left = candidates.filter(({ id, sick }) => !sick && !isOut(id)).length;
    if (left <= 1 || out + 1 > Math.max(1, Math.floor(candidates.length * rule.mostShare))) break;
    const { times = 0, since = now } = next.get(one.id) ?? {};
    const pause = Math.min(rule.mostPauseMs, rule.pauseMs * 2 ** times);
    next.set(one.id, { until: now + pause, cause, times: times + 1, since });
  }
  return next;
}

/** A pause that is over ends; one that ended long ago is forgiven. */
function letBack(known: Memory | undefined, rule: OutlierRule, now: number): Memory {
  if (known === undefined) return { times: 0, since: Number.NEGATIVE_INFINITY };
  if (known.until !== undefined) return known.until > now ? known : { times: known.times, since: known.until };
  return known.times > 0 && now - known.since > rule.mostPauseMs ? { ...known, times: 0 } : known;
}

function causeOf(one: Candidate, all: readonly Candidate[], rule: OutlierRule): OutlierCause | undefined {
  if (one.streak >= rule.consecutive) return { kind: 'streak', errors: one.streak };
  const others = all.filter(({ id, sick }) => id !== one.id && !sick).map(({ window }) => window);
  const siblings = others.reduce(
    (sum, window) => ({ requests: sum.requests + window.requests, errors: sum.errors + window.errors }),
    { requests: 0, errors: 0 },
  );
  if (one.window.requests < rule.minRequests || siblings.requests < rule.minRequests) return undefined;
  const errorRatio = ratioOf(one.window);
  return errorRatio > ratioOf(siblings) + rule.excess
    ? { kind: 'ratio', errorRatio, siblings: ratioOf(siblings) }
    : undefined;
}

function ratioOf({ requests, errors }: Lately): number {
  return requests === 0 ? 0 : errors / requests;
}
