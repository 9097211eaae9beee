import { measuringServer } from '../names.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/** What the proxy says when the filter breaks a request off; it takes that for the client's fault. */
const brokenOff =
  `http-error status 400 content-type application/json string ` +
  `'{"error":"ContentTooLarge","message":"the request body is longer than allowed","status":413}'`;

/** Tells the door behind `measuringServer` the limit; it takes the header away again. */
const limitHeader = 'x-timonel-body-limit';

/** A body that does not say how long it is. Over HTTP/2 there may be neither header. */
const unmeasured = [
  '{ req.hdr(transfer-encoding) -m found }',
  '!{ req.hdr(content-length) -m found } !{ method GET HEAD }',
];

/**
 * By Content-Length at once. A body of unknown length takes a way round through a door of its own, where a filter in
 * policy.lua counts it: a filter costs every request that passes it twice of what the proxy needs otherwise. Where
 * clients are kept at their instances the filter stands in the backend itself, for the cookie would be taken for an
 * instance's on the way round.
 */
export function bodyLimit({ bytes }: RuleOf<'body-limit'>, context: RuleContext): Pieces {
  const { when } = context;
  const told = refuse({
    ...{ status: 413, error: 'ContentTooLarge', message: `a request body may have at most ${bytes} bytes` },
  });
  const { request = [], ...others } = context.isSticky ? countedHere(bytes, when) : countedElsewhere(bytes, context);
  return { ...others, request: [`${told} if ${when} { req.body_size gt ${bytes} }`, ...request] };
}

function countedElsewhere(bytes: number, { when, handover }: RuleContext): Pieces {
  return {
    request: unmeasured.flatMap((condition) => [
      `http-request set-header ${limitHeader} ${bytes} if ${when} ${condition}`,
      `http-request set-var(txn.measured) bool(true) if ${when} ${condition}`,
    ]),
    settings: {
      'body-limit': [
        `use-server ${measuringServer} if { var(txn.measured) -m bool }`,
        `server ${measuringServer} ${measuringSocket(handover)} send-proxy-v2 proxy-v2-options unique-id weight 0`,
      ],
    },
  };
}

function countedHere(bytes: number, when: string): Pieces {
  return {
    request: [`http-request set-var(txn.body_limit) int(${bytes}) if ${when}`],
    answer: [tooLarge],
    settings: { 'body-limit': [filter, brokenOff] },
  };
}

const filter = 'filter lua.body_limit';
const tooLarge = 'http-after-response set-status 413 reason "Content Too Large" if { var(txn.too_large) -m bool }';

export function measuringSocket(handover: string): string {
  return `unix@${handover}/measured.sock`;
}

/** What the door's frontend does with a request before it goes to its backend again. */
export const measuringRules = [
  filter,
  brokenOff,
  `http-request set-var(txn.body_limit) req.hdr_val(${limitHeader})`,
  `http-request del-header ${limitHeader}`,
  tooLarge,
].map((line) => `  ${line}`);
