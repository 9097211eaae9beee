import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/** 429 while a client has more than `amount` requests that are not answered yet; the entry counts this one too. */
export function inFlight({ amount }: RuleOf<'in-flight'>, { when, counter }: RuleContext): Pieces {
  const answer = refuse({
    ...{ status: 429, error: 'TooManyRequests', message: 'too many requests at once' },
    headers: 'hdr Retry-After 1',
  });
  return { request: [`${answer} if ${when} { sc_conn_cur(${counter?.sc ?? 0}) gt ${amount} }`] };
}
