import { quote } from '../quote.ts';
import { replacing } from './go-pattern.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';

/** GET keeps to the old codes, which every client knows; other methods to those that keep the method. */
function codes(permanent: boolean): readonly (readonly [code: number, condition: string])[] {
  return permanent
    ? [
        [301, '{ method GET HEAD }'],
        [308, '!{ method GET HEAD }'],
      ]
    : [
        [302, '{ method GET HEAD }'],
        [307, '!{ method GET HEAD }'],
      ];
}

export function redirectScheme(rule: RuleOf<'redirect-scheme'>, context: RuleContext): Pieces {
  const { scheme, permanent } = rule;
  const port = rule.port ?? (scheme === 'https' ? context.httpsPort : context.httpPort);
  const usual = scheme === 'https' ? 443 : 80;
  const target = `${scheme}://%[req.hdr(host),host_only]${port === usual ? '' : `:${port}`}%[pathq]`;
  const isThere = `{ req.hdr(x-forwarded-proto) -m str ${scheme} }`;
  return {
    request: codes(permanent).map(
      ([code, method]) =>
        `http-request redirect location ${target} code ${code} if ${context.when} !${isThere} ${method}`,
    ),
  };
}

/** Who is where the replacement leads already is let through, as in Traefik: it would be sent round and round. */
export function redirectRegex(
  { pattern, replacement, permanent }: RuleOf<'redirect-regex'>,
  { when }: RuleContext,
): Pieces {
  const isElsewhere = '{ var(txn.moved) -m found } !{ var(txn.moved),strcmp(txn.url) eq 0 }';
  return {
    request: [
      `http-request set-var-fmt(txn.url) %[req.hdr(x-forwarded-proto)]://%[req.hdr(host)]%[pathq] if ${when}`,
      `http-request unset-var(txn.moved) if ${when}`,
      `http-request set-var(txn.moved) ${quote(`var(txn.url),${replacing(pattern, replacement)}`)} if ${when} { var(txn.url) -m reg -- ${quote(pattern)} }`,
      ...codes(permanent).map(
        ([code, method]) =>
          `http-request redirect location %[var(txn.moved)] code ${code} if ${when} ${isElsewhere} ${method}`,
      ),
    ],
  };
}
