import { refuse } from './text.ts';

/** Refuses a request; `txn.wait` says for how many seconds. */
export function tooMany(limit: number): string {
  return refuse({
    ...{ status: 429, error: 'TooManyRequests', message: 'too many requests; wait as long as Retry-After says' },
    headers:
      `hdr Retry-After %[var(txn.wait)] hdr RateLimit-Limit ${limit} hdr RateLimit-Remaining 0 ` +
      'hdr RateLimit-Reset %[var(txn.wait)]',
  });
}

interface Allowed {
  readonly limit: number;
  /** How many more are allowed, and in how many milliseconds all of them are again. */
  readonly left: string;
  readonly resetMs: string;
}

/** Of several limits the client is told about the one that it will meet first. */
export function remember({ limit, left, resetMs }: Allowed, when: string): string[] {
  const fewer = [`!{ var(txn.left) -m found }`, `{ var(txn.more) -m int gt 0 }`];
  return [
    `http-request set-var(txn.here) ${left} if ${when}`,
    `http-request set-var(txn.more) var(txn.left),sub(txn.here) if ${when} { var(txn.left) -m found }`,
    ...fewer.map((one) => `http-request set-var(txn.limit) int(${limit}) if ${when} ${one}`),
    ...fewer.map((one) => `http-request set-var(txn.reset) ${resetMs},add(999),div(1000) if ${when} ${one}`),
    ...fewer.map((one) => `http-request set-var(txn.left) var(txn.here) if ${when} ${one}`),
  ];
}

export function tellRemaining(when: string): string[] {
  const told = `if ${when} { var(txn.left) -m found } !{ res.hdr(RateLimit-Remaining) -m found }`;
  const headers = { Limit: 'limit', Reset: 'reset', Remaining: 'left' };
  return Object.entries(headers).map(
    ([name, variable]) => `http-after-response set-header RateLimit-${name} %[var(txn.${variable})] ${told}`,
  );
}
