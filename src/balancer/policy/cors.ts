import type { CorsRule } from '#model/policy.ts';
import { quote } from '../quote.ts';
import type { Pieces, RuleContext } from './pieces.ts';
import { literal } from './text.ts';

/** Answers preflight requests itself and marks the answers that a page of an allowed origin may read. */
export function cors(rule: CorsRule, { when }: RuleContext): Pieces {
  const allowed = '{ var(txn.origin) -m found }';
  const preflight =
    '{ method OPTIONS } { req.hdr(access-control-request-method) -m found } { req.hdr(origin) -m found }';
  return {
    request: [
      ...originRules(rule, when),
      `http-request return status 204 ${preflightHeaders(rule)} if ${when} ${preflight} ${allowed}`,
      `http-request return status 204 if ${when} ${preflight}`,
    ],
    answer: [
      `http-after-response set-header Access-Control-Allow-Origin %[var(txn.origin)] if ${when} ${allowed}`,
      ...(rule.credentials
        ? [`http-after-response set-header Access-Control-Allow-Credentials true if ${when} ${allowed}`]
        : []),
      ...(rule.exposeHeaders.length > 0
        ? [
            `http-after-response set-header Access-Control-Expose-Headers ${literal(rule.exposeHeaders.join(','))} if ${when} ${allowed}`,
          ]
        : []),
      // A cache must not give one origin's answer to another.
      ...(isForAll(rule) ? [] : [`http-after-response add-header Vary Origin if ${when}`]),
    ],
  };
}

function isForAll({ origins, credentials }: CorsRule): boolean {
  return origins.includes('*') && !credentials;
}

/** The origin that is allowed, into `txn.origin`. With credentials browsers refuse `*`, so the origin is echoed. */
function originRules(rule: CorsRule, when: string): string[] {
  const { origins, originPatterns } = rule;
  const echo = (condition: string) => `http-request set-var(txn.origin) req.fhdr(origin) if ${when} ${condition}`;
  if (isForAll(rule)) return [`http-request set-var(txn.origin) str(*) if ${when}`];
  if (origins.includes('*')) return [echo('{ req.hdr(origin) -m found }')];
  const named = origins.map(quote).join(' ');
  return [
    ...(origins.length > 0 ? [echo(`{ req.fhdr(origin) -i -- ${named} }`)] : []),
    ...originPatterns.map((pattern) => echo(`{ req.fhdr(origin) -m reg -- ${quote(pattern)} }`)),
  ];
}

function preflightHeaders({ methods, headers, maxAgeSeconds }: CorsRule): string {
  return [
    ...(methods.length > 0 ? [`hdr Access-Control-Allow-Methods ${literal(methods.join(','))}`] : []),
    ...(headers.length > 0 ? [`hdr Access-Control-Allow-Headers ${literal(headers.join(','))}`] : []),
    ...(maxAgeSeconds === undefined ? [] : [`hdr Access-Control-Max-Age ${maxAgeSeconds}`]),
  ].join(' ');
}
