import type { ProxyOptions } from './options.ts';
import { quote } from './quote.ts';

/**
 * What an instance is told about its client. Headers of that meaning are believed only when a trusted proxy sends
 * them; from anybody else they are removed, also in the spelling with underscores that some servers take for the same.
 */
export function clientRules(scheme: 'http' | 'https', options: ProxyOptions): string[] {
  const trusted = options.trustedProxies;
  return [
    ...(trusted.length === 0 ? forgetClaims('') : believeTrusted(trusted)),
    ...tell('X-Forwarded-Proto', scheme, trusted),
    ...tell('X-Forwarded-Host', '%[req.hdr(host)]', trusted),
    ...tell('X-Forwarded-Port', '%[dst_port]', trusted),
    '  http-request set-header X-Real-IP %[src]',
    '  http-request set-header X-Request-ID %[uuid()] unless { req.hdr(x-request-id) -m len 1:128 }',
  ];
}

const claims = ['x-forwarded- -m beg', 'x_forwarded_ -m beg', 'forwarded', 'x_real_ip'];

function forgetClaims(when: string): string[] {
  return [
    ...claims.map((claim) => `  http-request del-header ${claim}${when}`),
    `  http-request set-header X-Forwarded-For %[src]${when}`,
  ];
}

/** The client is the last address of X-Forwarded-For that is no trusted proxy; as many hops as here are looked at. */
const trustedHops = 4;

function believeTrusted(trusted: readonly string[]): string[] {
  const ranges = trusted.map(quote).join(' ');
  const isTrusted = `{ src -- ${ranges} }`;
  const hops = Array.from({ length: trustedHops }, (_, hop) => -1 - hop);
  return [
    '  http-request set-var(txn.peer) src',
    ...forgetClaims(` if !${isTrusted}`),
    // The header is read before our own hop is added to it.
    `  http-request set-var(txn.trusted) bool(true) if ${isTrusted}`,
    ...hops.map(
      (hop) =>
        `  http-request set-src req.hdr_ip(x-forwarded-for,${hop}) if { var(txn.trusted) -m bool } ${isTrusted} ` +
        `{ req.hdr_ip(x-forwarded-for,${hop}) -m found }`,
    ),
    '  http-request add-header X-Forwarded-For %[var(txn.peer)] if { var(txn.trusted) -m bool }',
  ];
}

function tell(header: string, value: string, trusted: readonly string[]): string[] {
  const said = `{ var(txn.trusted) -m bool } { req.hdr(${header}) -m found }`;
  const unless = trusted.length === 0 ? '' : ` unless ${said}`;
  return [`  http-request set-header ${header} ${value}${unless}`];
}
