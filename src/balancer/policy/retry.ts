import type { Pieces, RuleContext, RuleOf } from './pieces.ts';

/** Fewer tries than this would let a client see that an instance is being replaced. */
const leastRetries = 3;

/**
 * Counts for the whole backend. The proxy waits between two tries at the same instance as long as a connection may
 * take, at most a second; at another instance it does not wait. Only requests that may run twice are sent again.
 */
export function retry({ attempts, initialIntervalMs, statuses }: RuleOf<'retry'>, _context: RuleContext): Pieces {
  return {
    settings: {
      retry: [
        `retries ${Math.max(leastRetries, attempts - 1)}`,
        ...(statuses.length > 0 ? [`retry-on conn-failure empty-response ${statuses.join(' ')}`] : []),
        ...(initialIntervalMs === undefined ? [] : [`timeout connect ${Math.max(50, Math.ceil(initialIntervalMs))}ms`]),
      ],
    },
  };
}
