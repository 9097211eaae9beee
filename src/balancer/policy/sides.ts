import type { PolicyKind, PolicyRule } from '#model/policy.ts';
import type { Route } from '#model/route.ts';

export type Side = 'outer' | 'inner';

/** They set up the whole backend, or bound what an instance may do, so they stand where the instances are. */
const innermost: ReadonlySet<PolicyKind> = new Set(['body-limit', 'compress', 'retry', 'timeout']);

/** Does the route look at its answers from outside, the proxy's own among them? Then its requests pass two backends. */
export function hasOuterSide({ policy }: Pick<Route, 'policy'>): boolean {
  return policy?.rules.some(seesAnswers) ?? false;
}

/** A retry that waits before it asks for an answer better than one that came: nothing in one backend can wait then. */
export function isPaused(rule: PolicyRule): boolean {
  return rule.kind === 'retry' && rule.statuses.length > 0 && (rule.initialIntervalMs ?? 0) > 0;
}

function seesAnswers(rule: PolicyRule): boolean {
  return rule.kind === 'error-pages' || isPaused(rule);
}

/**
 * The places of the rules that stand on a side. What sees answers sees those of the rules after it, and the proxy's own
 * where no instance answers; nothing in one backend sees that of itself. So such a policy is cut in two: these rules and
 * what comes before the first of them make a backend of their own, which hands on to the service's.
 */
export function placesOn(side: Side, rules: readonly PolicyRule[]): readonly number[] {
  const first = rules.findIndex(seesAnswers);
  return [...rules.entries()].flatMap(([place, rule]) => {
    const isOuter = seesAnswers(rule) || (place < first && !innermost.has(rule.kind));
    // A paused retry asks again outside and says inside what is not worth asking again.
    return (side === 'outer') === isOuter || isPaused(rule) ? [place] : [];
  });
}
