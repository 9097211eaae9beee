import { quote } from '../quote.ts';
import { substitution } from './go-pattern.ts';
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

/** The URL is built and rewritten in a header of its own: nowhere else does the proxy replace by a pattern. */
export function redirectRegex(
  { pattern, replacement, permanent }: RuleOf<'redirect-regex'>,
  context: RuleContext,
): Pieces {
  const { when } = context;
  const change = substitution(pattern, replacement);
  if (change === undefined) return {};
  const matches = `{ req.fhdr(x-timonel-url) -m reg -- ${quote(pattern)} }`;
  return {
    request: [
      `http-request set-header x-timonel-url %[req.hdr(x-forwarded-proto)]://%[req.hdr(host)]%[pathq] if ${when}`,
      `http-request set-var(txn.moved) bool(false) if ${when}`,
      `http-request set-var(txn.moved) bool(true) if ${when} ${matches}`,
      `http-request replace-header x-timonel-url ${quote(change.pattern)} ${quote(change.replacement)} if ${when} { var(txn.moved) -m bool }`,
      ...codes(permanent).map(
        ([code, method]) =>
          `http-request redirect location %[req.fhdr(x-timonel-url)] code ${code} if ${when} { var(txn.moved) -m bool } ${method}`,
      ),
      `http-request del-header x-timonel-url if ${when}`,
    ],
  };
}
