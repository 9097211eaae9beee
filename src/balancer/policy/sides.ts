import type { PolicyKind, PolicyRule } from '#model/policy.ts';

/** They set up the whole backend, or bound what an instance may do, so they stand where the instances are. */
const innermost: ReadonlySet<PolicyKind> = new Set(['body-limit', 'compress', 'retry', 'timeout']);

export type Side = 'outer' | 'inner';

/**
 * On which side of its policy each rule stands. Error pages see what the rules after them answer, and what the proxy
 * answers where no instance does; nothing in one backend sees that of itself. So a policy with error pages is cut in
 * two: these and what comes before them make a backend of their own, which hands on to the service's.
 */
export function sidesOf(rules: readonly PolicyRule[]): readonly Side[] {
  const first = rules.findIndex((rule) => rule.kind === 'error-pages');
  return rules.map(({ kind }, index) =>
    kind === 'error-pages' || (index < first && !innermost.has(kind)) ? 'outer' : 'inner',
  );
}
