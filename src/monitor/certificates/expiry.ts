import { type Said, said } from '#core/messages/say.ts';
import type { CertificateFacts, CertificateSource } from '#model/certificate.ts';

const dayMs = 86_400_000;

/** An approaching end that somebody should know of. */
export interface Expiry {
  readonly level: 'warning' | 'critical';
  say(host: string): Said;
}

/**
 * Is the end near? A warning at a third of the lifetime, at most 30 days; critical at half of that. One that renews
 * itself begins to at the same moment, so its warning waits until that had time for a few tries.
 */
export function expiryOf(
  { notBefore, notAfter }: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  now: number,
  source: CertificateSource,
): Expiry | undefined {
  const left = notAfter - now;
  const window = windowOf({ notBefore, notAfter });
  const at = new Date(notAfter).toISOString().slice(0, 10);
  if (left <= 0) return { level: 'critical', say: (host) => said('CERTIFICATE_EXPIRED', { host, at }) };
  if (left > (source === 'file' ? window : window * renewalGrace)) return undefined;
  const days = Math.floor(left / dayMs);
  return {
    level: left <= window / 2 ? 'critical' : 'warning',
    say: (host) => said('CERTIFICATE_EXPIRES', { host, at, days }),
  };
}

const renewalGrace = 0.8;

/** How long before its end a certificate wants to be replaced, milliseconds. */
export function windowOf({ notBefore, notAfter }: Pick<CertificateFacts, 'notBefore' | 'notAfter'>): number {
  return Math.min(30 * dayMs, (notAfter - notBefore) / 3);
}
