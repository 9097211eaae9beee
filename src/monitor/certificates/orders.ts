import { createHash } from 'node:crypto';
import type { CertificateFacts, OrderAttempts } from '#model/certificate.ts';
import { windowOf } from './expiry.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Pauses after the first, second, ... failure in a row; the last is repeated. Five failures in an hour are the most
 * that Let's Encrypt allows for a name (https://letsencrypt.org/docs/rate-limits/, "Authorization Failures"); here
 * the fifth comes after it.
 */
const pauses: readonly number[] = [10_000, minuteMs, 10 * minuteMs, 55 * minuteMs, 3 * hourMs, 6 * hourMs, 12 * hourMs];

/** How long to wait after `failures` in a row, milliseconds. */
export function pauseAfter(failures: number): number {
  return pauses[Math.max(0, failures - 1)] ?? pauses.at(-1) ?? 0;
}

interface Standing {
  /** Spreads renewals of many hosts; the same every time. */
  readonly key: string;
  readonly issued: Pick<CertificateFacts, 'notBefore' | 'notAfter'> | undefined;
  readonly attempts: OrderAttempts | undefined;
}

/**
 * When the next order of a certificate is due, milliseconds since the epoch: at once when there is none, else 30 days
 * or a third of its lifetime before its end, a little later for some than for others; after a failure not before its
 * pause is over.
 */
export function nextOrderAt({ key, issued, attempts }: Standing): number {
  const due = issued === undefined ? 0 : issued.notAfter - windowOf(issued) + jitter(key) * jitterMs(issued);
  return Math.max(due, attempts?.nextAt ?? 0);
}

/** At most half a day, and little of the time that is left for tries. */
function jitterMs(issued: Pick<CertificateFacts, 'notBefore' | 'notAfter'>): number {
  return Math.min(12 * hourMs, windowOf(issued) / 20);
}

/** From 0 to 1. */
function jitter(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) / 0xffff_ffff;
}
