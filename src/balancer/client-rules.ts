import type { ProxyOptions } from './options.ts';
import { quote } from './quote.ts';

/**
 * What an instance is told about its client. Headers of that meaning are believed only when a trusted proxy sends
 * them; from anybody else they are removed, also in the spelling with underscores that some servers take for the same.
 */
export function clientRules(scheme: 'http' | 'https', options: ProxyOptions): string[] {
  const trusted = options.trustedProxies;
  return [
    ...(trusted.length === 0 ? tellAll(scheme) : believeTrusted(trusted, scheme)),
    // What came with an id keeps it, so that one id leads through all services and logs.
    '  http-request set-var(txn.id) req.hdr(x-request-id) if { req.hdr(x-request-id) -m len 1:128 }',
    '  http-request set-var(txn.id) uuid() if !{ var(txn.id) -m found }',
    '  http-request set-header X-Request-ID %[var(txn.id)]',
    '  http-after-response set-header X-Request-ID %[var(txn.id)]',
  ];
}

/** One pass over the headers removes every claim, so that what follows need not look for its own name again. */
const forget = "  http-request del-header '^(x[-_]forwarded[-_]|forwarded$|x[-_]real[-_]ip$)' -m reg";

function tellAll(scheme: string): string[] {
  return [
    forget,
    // The proxy's own way to add X-Forwarded-For costs less than a rule, and comes after all rules.
    '  option forwardfor',
    ...told(scheme)
      .filter(([name]) => name !== 'X-Forwarded-For')
      .map(([name, value]) => `  http-request add-header ${name} ${value}`),
  ];
}

function told(scheme: string): readonly (readonly [name: string, value: string])[] {
  return [
    ['X-Forwarded-For', '%[src]'],
    ['X-Forwarded-Proto', scheme],
    ['X-Forwarded-Host', '%[req.hdr(host)]'],
    ['X-Forwarded-Port', '%[dst_port]'],
    ['X-Real-IP', '%[src]'],
  ];
}

/** The client is the last address of X-Forwarded-For that is no trusted proxy; as many hops as here are looked at. */
const trustedHops = 4;

function believeTrusted(trusted: readonly string[], scheme: string): string[] {
  const isTrusted = `{ src -- ${trusted.map(quote).join(' ')} }`;
  const believed = '{ var(txn.trusted) -m bool }';
  const hops = Array.from({ length: trustedHops }, (_, hop) => -1 - hop);
  const optional = told(scheme).filter(([name]) => name !== 'X-Forwarded-For' && name !== 'X-Real-IP');
  return [
    '  http-request set-var(txn.peer) src',
    `  http-request set-var(txn.trusted) bool(true) if ${isTrusted}`,
    `${forget} if !${believed}`,
    // The header is read before our own hop is added to it.
    ...hops.map(
      (hop) =>
        `  http-request set-src req.hdr_ip(x-forwarded-for,${hop}) if ${believed} ${isTrusted} ` +
        `{ req.hdr_ip(x-forwarded-for,${hop}) -m found }`,
    ),
    '  http-request add-header X-Forwarded-For %[var(txn.peer)]',
    ...optional.map(
      ([name, value]) => `  http-request set-header ${name} ${value} unless ${believed} { req.hdr(${name}) -m found }`,
    ),
    '  http-request set-header X-Real-IP %[src]',
  ];
}
