import type { ProxyOptions } from './options.ts';
import { quote } from './quote.ts';

/** Where a frontend listens, as its clients are told to the instance. */
interface Entrance {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/**
 * What is the same for all requests of a connection is written as text once, not for each of them; and not before a
 * PROXY header was read, which tells the client of a connection that a stopping worker hands over.
 */
export const connectionRules = [
  '  tcp-request session set-var(sess.ip) src,lower',
  '  tcp-request session set-var(sess.id) uuid()',
];

/**
 * What an instance is told about its client, after `connectionRules`. Headers of that meaning are believed only when a
 * trusted proxy sends them; from anybody else they are removed, also in the spelling with underscores that some servers
 * take for the same.
 */
export function clientRules(entrance: Entrance, { trustedProxies }: Pick<ProxyOptions, 'trustedProxies'>): string[] {
  return [...(trustedProxies.length === 0 ? tellAll(entrance) : believeTrusted(trustedProxies, entrance)), ...idRules];
}

/** The id of a request that brought none: its connection's and its own number in this worker. */
export const ownId = '%[var(sess.id)]-%rt';

/**
 * What came with an id keeps it, in `txn.id`, so that one id leads through all services and logs. Of several the last;
 * a dash is how logs write that there is none.
 */
const idRules = [
  '  http-request set-var(txn.id) req.fhdr(x-request-id) if { req.fhdr(x-request-id) -m len 1:128 } !{ req.fhdr(x-request-id) -m str -- - }',
  '  http-request set-header X-Request-ID %[var(txn.id)] if { var(txn.id) -m found } { req.fhdr_cnt(x-request-id) gt 1 }',
  `  http-request set-header X-Request-ID ${ownId} unless { var(txn.id) -m found }`,
  `  http-after-response set-header X-Request-ID ${ownId}`,
  '  http-after-response set-header X-Request-ID %[var(txn.id)] if { var(txn.id) -m found }',
];

/** One pass over the headers removes every claim, so that what follows need not look for its own name again. */
const forget = "  http-request del-header '^(x[-_]forwarded[-_]|forwarded$|x[-_]real[-_]ip$)' -m reg";

function tellAll(entrance: Entrance): string[] {
  return [forget, ...told(entrance).map(([name, value]) => `  http-request add-header ${name} ${value}`)];
}

function told({ scheme, port }: Entrance): readonly (readonly [name: string, value: string])[] {
  return [
    ['X-Forwarded-For', '%[var(sess.ip)]'],
    ['X-Forwarded-Proto', scheme],
    ['X-Forwarded-Host', '%[req.fhdr(host)]'],
    ['X-Forwarded-Port', String(port)],
    ['X-Real-IP', '%[var(sess.ip)]'],
  ];
}

/** The client is the last address of X-Forwarded-For that is no trusted proxy; as many hops as here are looked at. */
const trustedHops = 4;

function believeTrusted(trusted: readonly string[], entrance: Entrance): string[] {
  const isTrusted = `{ src -- ${trusted.map(quote).join(' ')} }`;
  const believed = '{ var(txn.trusted) -m bool }';
  const hops = Array.from({ length: trustedHops }, (_, hop) => -1 - hop);
  const optional = told(entrance).filter(([name]) => name !== 'X-Forwarded-For' && name !== 'X-Real-IP');
  return [
    `  http-request set-var(txn.trusted) bool(true) if ${isTrusted}`,
    `${forget} if !${believed}`,
    // The header is read before our own hop is added to it.
    ...hops.map(
      (hop) =>
        `  http-request set-src req.hdr_ip(x-forwarded-for,${hop}) if ${believed} ${isTrusted} ` +
        `{ req.hdr_ip(x-forwarded-for,${hop}) -m found }`,
    ),
    '  http-request add-header X-Forwarded-For %[var(sess.ip)]',
    ...optional.map(
      ([name, value]) => `  http-request set-header ${name} ${value} unless ${believed} { req.hdr(${name}) -m found }`,
    ),
    '  http-request set-header X-Real-IP %[src]',
  ];
}
