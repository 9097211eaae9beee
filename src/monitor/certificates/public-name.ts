import { isWildcard } from '#core/wildcard.ts';
import type { Authority } from '#model/certificate.ts';

/**
 * May a certificate for this name be asked of the authority? A private one issues for private names too. A wildcard can
 * only be shown to be ours by DNS (RFC 8555, section 8.3: an http-01 question is about one host).
 */
export function mayBeOrdered(host: string, authority: Pick<Authority, 'ca' | 'challenge'>): boolean {
  if (isWildcard(host) && authority.challenge.kind !== 'dns-01') return false;
  return authority.ca !== undefined || isPublicName(host);
}

/**
 * May a public authority issue a certificate for this name? Not for an address, a name without a dot, or one that is
 * reserved for this machine or this network (RFC 6761, RFC 6762, RFC 8375).
 */
export function isPublicName(host: string): boolean {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || /^\d+$/.test(last) || host.includes(':')) return false;
  return !reserved.has(last) && labels.slice(-2).join('.') !== 'home.arpa';
}

const reserved: ReadonlySet<string> = new Set(['localhost', 'local', 'internal', 'invalid', 'lan']);
