import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/** What the breaker of a route is called in the admission map. */
export function breakerName(id: string): string {
  return id;
}

/**
 * The proxy asks a map what share of the requests may pass; the breaker itself is decided outside, from samples, and
 * writes the map. Without an entry all pass.
 */
export function breaker({ status, fallbackMs }: RuleOf<'breaker'>, { when, id, files }: RuleContext): Pieces {
  const answer = refuse({
    ...{ status, error: 'CircuitOpen', message: 'the service fails too often and gets a pause' },
    headers: `hdr Retry-After ${Math.max(1, Math.ceil(fallbackMs / 1000))}`,
  });
  return {
    request: [
      `http-request set-var(txn.admit) str(${breakerName(id)}),map_str_int(${files.admissionMap},100) if ${when}`,
      `http-request set-var(txn.draw) rand(100),sub(txn.admit) if ${when}`,
      `${answer} if ${when} { var(txn.draw) -m int ge 0 }`,
    ],
  };
}
