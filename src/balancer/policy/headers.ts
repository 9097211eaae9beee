import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { literal } from './text.ts';

export function requestHeaders({ set }: RuleOf<'request-headers'>, { when }: RuleContext): Pieces {
  return {
    request: set.map(({ name, value }) =>
      value === ''
        ? `http-request del-header ${name} if ${when}`
        : `http-request set-header ${name} ${literal(value)} if ${when}`,
    ),
  };
}

export function responseHeaders({ set }: RuleOf<'response-headers'>, { when }: RuleContext): Pieces {
  return {
    answer: set.map(({ name, value }) =>
      value === ''
        ? `http-after-response del-header ${name} if ${when}`
        : `http-after-response set-header ${name} ${literal(value)} if ${when}`,
    ),
  };
}

/** The client's own scheme, which a trusted proxy may know better than the connection. */
export const isHttps = '{ req.hdr(x-forwarded-proto) -m str https }';

export function hsts({ seconds, subdomains, preload, always }: RuleOf<'hsts'>, { when }: RuleContext): Pieces {
  const value = `max-age=${seconds}${subdomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
  const set = `http-after-response set-header Strict-Transport-Security ${literal(value)} if ${when}`;
  if (always) return { answer: [set] };
  return {
    request: [`http-request set-var(txn.secure) bool(true) if ${when} ${isHttps}`],
    answer: [`${set} { var(txn.secure) -m bool }`],
  };
}
