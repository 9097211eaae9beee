import type { Route } from '#model/route.ts';

/** Does any route's authority ask the proxy itself for proof? */
function answersChallenges(routes: readonly Route[]): boolean {
  return routes.some(({ tls }) => tls.kind === 'acme' && tls.authority?.challenge.kind === 'http-01');
}

/**
 * The rules that answer an authority's question on port 80 (RFC 8555, section 8.3), before anything else is looked at.
 * A token that is not ours goes its usual way: a service may order certificates by itself.
 */
export function challengeRules(routes: readonly Route[], challengeMap: string): readonly string[] {
  if (!answersChallenges(routes)) return [];
  return [
    `  http-request set-var(txn.acme) path,field(4,/),map_str(${challengeMap}) if { path_beg /.well-known/acme-challenge/ }`,
    '  http-request return status 200 content-type text/plain lf-string "%[var(txn.acme)]" if { var(txn.acme) -m found }',
  ];
}
