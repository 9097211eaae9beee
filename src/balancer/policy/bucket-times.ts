import type { Allowance } from '#model/policy.ts';

/** A token bucket in the units in which an entry of a table keeps its time. */
export interface BucketTimes {
  /** Units in a second: microseconds, or milliseconds where those would not fit. */
  readonly second: number;
  /** The time that one token stands for. */
  readonly token: number;
  /** How far ahead the time may be for another request to pass. */
  readonly tolerance: number;
}

/** The times of a bucket are kept in 32 bits, of which half may lie ahead. */
export const horizon = 2 ** 31;

/** The converter that keeps a time to 32 bits. */
export const wrap = 'and(4294967295)';

export function bucketTimes({ average, periodMs, burst }: Extract<Allowance, { kind: 'bucket' }>): BucketTimes {
  const micro = (burst * periodMs * 1000) / average < horizon;
  const token = Math.max(1, Math.round((periodMs * (micro ? 1000 : 1)) / average));
  return { second: micro ? 1_000_000 : 1000, token, tolerance: Math.min((burst - 1) * token, horizon - 1) };
}
