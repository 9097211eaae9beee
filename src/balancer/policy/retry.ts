import { pauseHeader, refusedHeader, tryHeader } from './outer-headers.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { isPaused } from './sides.ts';

/** Fewer tries than this would let a client see that an instance is being replaced. */
const leastRetries = 3;

/**
 * As long as the proxy waits for a connection, and before it tries the same instance again, at most a second; at another
 * instance it does not wait. The network is this machine: longer would only keep requests from a better instance.
 */
const usualConnectMs = 150;
const longestPauseMs = 1000;

/** Only requests that may run twice are sent again after they reached an instance. */
export function retry(rule: RuleOf<'retry'>, context: RuleContext): Pieces {
  if (isPaused(rule)) return context.side === 'outer' ? pausedOutside(rule) : pausedInside(rule, context);
  const { attempts, initialIntervalMs = 0, statuses } = rule;
  const pause = Math.min(Math.ceil(initialIntervalMs), longestPauseMs);
  return {
    settings: {
      retry: [
        `retries ${Math.max(leastRetries, attempts - 1)}`,
        ...(statuses.length > 0 ? [`retry-on conn-failure empty-response ${statuses.join(' ')}`] : []),
        ...(pause > usualConnectMs ? [`timeout connect ${pause}ms`] : []),
      ],
    },
    // Its successor tries as often.
    ...(statuses.length > 0 ? { handedOver: ['http-request disable-l7-retry if { stopping }'] } : {}),
  };
}

/** Every try comes in at the door of the inner side, which waits before all but the first. */
function pausedOutside(rule: RuleOf<'retry'>): Pieces {
  const { attempts, initialIntervalMs = 0 } = rule;
  const statuses = retriedOf(rule);
  return {
    request: [
      `http-request set-header ${tryHeader} %[rand(2147483647)]`,
      `http-request set-header ${pauseHeader} ${Math.ceil(initialIntervalMs)}`,
    ],
    firstAnswer: [
      ...statuses.map(
        (status) => `http-response set-status ${status} if { res.hdr(${refusedHeader}) -m str ${status} }`,
      ),
      `http-response del-header ${refusedHeader}`,
    ],
    settings: { retry: [`retries ${attempts - 1}`, `retry-on conn-failure ${statuses.join(' ')}`] },
  };
}

/** No status that anybody sends, and none that is tried again. */
const disguise = 599;

/**
 * The outer side knows answers by their status only. What the proxy refuses would not be better for another try, so it
 * comes there under another status and gets its own back.
 */
function pausedInside(rule: RuleOf<'retry'>, { when }: RuleContext): Pieces {
  const refused = `http-after-response set-header ${refusedHeader} %[status] if ${when} { status ${retriedOf(rule).join(' ')} }`;
  return {
    request: [`http-request disable-l7-retry if ${when}`],
    lastRequest: [`http-request set-var(txn.passed) bool(true) if ${when}`],
    answer: [
      `http-response set-var(txn.answered) bool(true) if ${when}`,
      `http-response del-header ${refusedHeader} if ${when}`,
      `${refused} !{ var(txn.answered) -m bool } !{ var(txn.passed) -m bool }`,
      `${refused} !{ var(txn.answered) -m bool } { var(txn.held) -m found }`,
      `http-after-response set-status ${disguise} if ${when} { res.hdr(${refusedHeader}) -m found }`,
    ],
  };
}

/** The chosen statuses, and those with which the proxy says that no instance answered. */
function retriedOf({ statuses }: RuleOf<'retry'>): readonly number[] {
  return [...new Set([...statuses, 502, 503])].toSorted();
}
