import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/** What the proxy says when the filter breaks a request off; it takes that for the client's fault. */
const brokenOff =
  `http-error status 400 content-type application/json string ` +
  `'{"error":"ContentTooLarge","message":"the request body is longer than allowed","status":413}'`;

/** By Content-Length at once; a body of unknown length is counted on its way, by the filter in policy.lua. */
export function bodyLimit({ bytes }: RuleOf<'body-limit'>, { when }: RuleContext): Pieces {
  const answer = refuse({
    ...{ status: 413, error: 'ContentTooLarge', message: `a request body may have at most ${bytes} bytes` },
  });
  return {
    request: [
      `${answer} if ${when} { req.body_size gt ${bytes} }`,
      `http-request set-var(txn.body_limit) int(${bytes}) if ${when}`,
    ],
    answer: ['http-after-response set-status 413 reason "Content Too Large" if { var(txn.too_large) -m bool }'],
    settings: { 'body-limit': ['filter lua.body_limit', brokenOff] },
  };
}
