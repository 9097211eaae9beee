import type { PolicyRule } from '#model/policy.ts';
import type { RouteSetting } from './settings-policy.ts';

const yearMs = 365 * 24 * 3_600_000;

/** `security: true` sets what every site can bear; its members change or drop (`false`) one header each. */
export function securityRules(wanted: RouteSetting['security']): readonly PolicyRule[] {
  if (wanted === undefined) return [];
  const {
    hsts = yearMs,
    frame = 'same-origin',
    nosniff = true,
    referrer = 'strict-origin-when-cross-origin',
    contentPolicy,
  } = wanted === true ? {} : wanted;
  const headers = {
    'X-Frame-Options': frame === false ? undefined : { deny: 'DENY', 'same-origin': 'SAMEORIGIN' }[frame],
    'X-Content-Type-Options': nosniff ? 'nosniff' : undefined,
    'Referrer-Policy': referrer === false ? undefined : referrer,
    'Content-Security-Policy': contentPolicy,
  };
  const set = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  const seconds = hsts === false ? 0 : Math.round(hsts / 1000);
  return [
    { kind: 'response-headers', set },
    ...(seconds === 0
      ? []
      : [{ kind: 'hsts', seconds, subdomains: false, preload: false, always: false } satisfies PolicyRule]),
  ];
}
