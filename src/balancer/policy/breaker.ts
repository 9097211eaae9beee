import { fingerprint } from '#core/hash.ts';
import type { BreakerRule } from '#model/policy.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/**
 * A map tells when the breaker opened, in milliseconds since the epoch; whoever watches the answers writes it. What
 * follows is the proxy's own affair: refuse for the fallback time, then let a growing share through until all pass.
 * So a breaker closes again even when nobody watches any more.
 */
export function breaker(rule: RuleOf<'breaker'>, { when, id, index, files }: RuleContext): Pieces {
  const { status, fallbackMs, recoveryMs } = rule;
  const answer = refuse({
    ...{ status, error: 'CircuitOpen', message: 'the service fails too often and gets a pause' },
    headers: `hdr Retry-After ${Math.max(1, Math.ceil(fallbackMs / 1000))}`,
  });
  const opened = '{ var(txn.opened) -m int gt 0 }';
  const recovery = Math.max(1, Math.round(recoveryMs));
  return {
    request: [
      `http-request set-var(txn.opened) str(${breakerName(id, index, rule)}),map_str_int(${files.breakerMap},0) if ${when}`,
      `http-request set-var(txn.since) date(0,ms),sub(txn.opened) if ${when} ${opened}`,
      `${answer} if ${when} ${opened} { var(txn.since) -m int lt ${Math.round(fallbackMs)} }`,
      `http-request set-var(txn.draw) rand(${recovery}),add(${Math.round(fallbackMs)}),sub(txn.since) if ${when} ${opened}`,
      `${answer} if ${when} ${opened} { var(txn.draw) -m int ge 0 }`,
    ],
  };
}

/** What a breaker is called in the map: a policy may have several, and one with another rule begins anew, closed. */
export function breakerName(id: string, index: number, rule: BreakerRule): string {
  return `${id}-${index}-${fingerprint(rule)}`;
}
