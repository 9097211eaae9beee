import type { Match } from '#model/route.ts';

/** A match that is no combination of others. */
export type Leaf = Exclude<Match, { readonly kind: 'all' | 'any' | 'not' }>;

/** A leaf, or its opposite. */
export interface Literal {
  readonly leaf: Leaf;
  readonly negated: boolean;
}

/**
 * A match as alternatives, each a list of conditions that must all hold (disjunctive normal form), because the proxy
 * knows neither nesting nor the negation of a group.
 */
export function alternatives(match: Match, negated = false): readonly (readonly Literal[])[] {
  switch (match.kind) {
    case 'not':
      return alternatives(match.of, !negated);
    case 'all':
    case 'any': {
      const parts = match.of.map((one) => alternatives(one, negated));
      return (match.kind === 'all') === negated ? parts.flat() : product(parts);
    }
    default:
      return [[{ leaf: match, negated }]];
  }
}

function product(parts: readonly (readonly (readonly Literal[])[])[]): (readonly Literal[])[] {
  return parts.reduce<(readonly Literal[])[]>(
    (combined, part) => combined.flatMap((left) => part.map((right) => [...left, ...right])),
    [[]],
  );
}
