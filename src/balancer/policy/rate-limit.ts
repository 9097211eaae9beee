import type { Allowance } from '#model/policy.ts';
import { bucketTimes, horizon } from './bucket-times.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/** 429 with Retry-After for what is over the limit; what is refused does not count against the client. */
export function rateLimit({ allowance }: RuleOf<'rate-limit'>, context: RuleContext): Pieces {
  const rules = allowance.kind === 'bucket' ? bucketRules(allowance, context) : windowRules(allowance, context);
  return { request: rules, answer: tellRemaining(context.when) };
}

/**
 * A token bucket as one number, the time at which it will be full again (GCRA): the entry moves it on by a token's
 * time with each accepted request, and refuses while it is more than `burst - 1` tokens ahead. Measured: exact to one
 * request in 550 under 73,000 requests/s, at 1.7 microseconds a request. Reading and moving it on are two acts, so
 * threads that do so in the same moment may let one request more pass.
 */
function bucketRules(allowance: Extract<Allowance, { kind: 'bucket' }>, { when, counter }: RuleContext): string[] {
  const { burst } = allowance;
  const { sc, slot } = counter ?? { sc: 0, slot: 0 };
  const { second, token, tolerance } = bucketTimes(allowance);
  const isOver = `{ var(txn.ahead) -m int gt ${tolerance} }`;
  const wrap = 'and(4294967295)';
  return [
    `http-request set-var(txn.now) date(0,${second > 1000 ? 'us' : 'ms'}),${wrap} if ${when}`,
    `http-request set-var(txn.full) sc_get_gpt(${slot},${sc}) if ${when}`,
    `http-request set-var(txn.ahead) var(txn.full),sub(txn.now),${wrap} if ${when}`,
    // Never used, or full since: 32 bits show the past as more than half of them.
    `http-request set-var(txn.ahead) int(0) if ${when} { var(txn.full) -m int eq 0 }`,
    `http-request set-var(txn.ahead) int(0) if ${when} { var(txn.ahead) -m int ge ${horizon} }`,
    `http-request set-var(txn.wait) var(txn.ahead),sub(${tolerance}),add(${second - 1}),div(${second}) if ${when} ${isOver}`,
    `${tooMany(burst)} if ${when} ${isOver}`,
    `http-request set-var(txn.full) var(txn.now),add(txn.ahead),add(${token}),${wrap} if ${when}`,
    `http-request sc-set-gpt(${slot},${sc}) var(txn.full) if ${when}`,
    ...remember(`int(${tolerance}),sub(txn.ahead),div(${token})`, burst, when),
  ];
}

/** Only accepted requests are counted, so that a client that keeps asking gets in again. */
function windowRules(allowance: Extract<Allowance, { kind: 'windows' }>, { when, counter }: RuleContext): string[] {
  const sc = counter?.sc ?? 0;
  const { windows } = allowance;
  const rate = (n: number) => `sc_gpc${n}_rate(${sc})`;
  return [
    ...windows.flatMap(({ requests, perMs }, n) => {
      // The count glides: the share of the window that must pass until a request fits again.
      const wait = Math.max(1, Math.ceil(perMs / 1000 / requests));
      return [
        `http-request set-var(txn.wait) int(${wait}) if ${when} { ${rate(n)} ge ${requests} }`,
        `${tooMany(requests)} if ${when} { ${rate(n)} ge ${requests} }`,
      ];
    }),
    ...windows.map((_, n) => `http-request sc-inc-gpc${n}(${sc}) if ${when}`),
    ...windows.flatMap(({ requests }, n) => remember(`int(${requests}),sub(txn.used)`, requests, when, rate(n))),
  ];
}

function tooMany(limit: number): string {
  return refuse({
    ...{ status: 429, error: 'TooManyRequests', message: 'too many requests; wait as long as Retry-After says' },
    headers: `hdr Retry-After %[var(txn.wait)] hdr RateLimit-Limit ${limit} hdr RateLimit-Remaining 0`,
  });
}

/** Of several limits the client is told about the one that it will meet first. */
function remember(left: string, limit: number, when: string, used?: string): string[] {
  const fewer = [`!{ var(txn.left) -m found }`, `{ var(txn.more) -m int gt 0 }`];
  return [
    ...(used === undefined ? [] : [`http-request set-var(txn.used) ${used} if ${when}`]),
    `http-request set-var(txn.here) ${left} if ${when}`,
    `http-request set-var(txn.more) var(txn.left),sub(txn.here) if ${when} { var(txn.left) -m found }`,
    ...fewer.map((one) => `http-request set-var(txn.limit) int(${limit}) if ${when} ${one}`),
    ...fewer.map((one) => `http-request set-var(txn.left) var(txn.here) if ${when} ${one}`),
  ];
}

function tellRemaining(when: string): string[] {
  const told = `if ${when} { var(txn.left) -m found } !{ res.hdr(RateLimit-Remaining) -m found }`;
  return [
    `http-after-response set-header RateLimit-Limit %[var(txn.limit)] ${told}`,
    `http-after-response set-header RateLimit-Remaining %[var(txn.left)] ${told}`,
  ];
}
