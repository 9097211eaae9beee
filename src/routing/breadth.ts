import type { Match } from '#model/route.ts';

/** The proxy tries the alternatives of a rule one by one; more than this would make every request slow. */
export const breadthLimit = 256;

/** How many alternatives a match has once `||` is drawn outside of `&&` and groups lose their `!`. */
export function breadth(match: Match, negated = false): number {
  switch (match.kind) {
    case 'not':
      return breadth(match.of, !negated);
    case 'all':
    case 'any': {
      const counts = match.of.map((one) => breadth(one, negated));
      const sum = (match.kind === 'all') === negated;
      return sum ? counts.reduce((a, b) => a + b, 0) : counts.reduce((a, b) => a * b, 1);
    }
    default:
      return 1;
  }
}
