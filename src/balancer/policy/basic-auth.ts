import { fingerprint } from '#core/hash.ts';
import type { BasicAuthUser } from '#model/policy.ts';
import { quote } from '../quote.ts';
import { loginWindowMs } from './counters.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { refuse } from './text.ts';

/** Wrong passwords of one address within a minute, after which it must wait. */
const failureLimit = 10;

/**
 * A password's hash is slow to check on purpose, and the proxy checks it while everybody waits (bcrypt: 30 requests/s
 * in all). So each right credential is checked once and its digest remembered, and wrong ones are limited by address.
 */
export function basicAuth(rule: RuleOf<'basic-auth'>, context: RuleContext): Pieces {
  const { when, id, index, files } = context;
  const { sc, table } = context.counter ?? { sc: 0, table: '' };
  const users = `.users-${id}-${index}`;
  // Other users, other digests: what was right before a change of passwords is asked again.
  const realmKey = fingerprint([id, index, rule.users]);
  const known = '{ var(txn.login) -m bool }';
  const offered = '{ req.hdr(authorization) -m found }';
  const wait = refuse({
    ...{ status: 429, error: 'TooManyRequests', message: 'too many wrong passwords' },
    headers: `hdr Retry-After ${loginWindowMs / 1000}`,
  });
  return {
    request: [
      `http-request set-var(txn.login) bool(false) if ${when}`,
      `http-request set-var-fmt(txn.credential) ${realmKey}:%[req.fhdr(authorization),sha2(256),hex] if ${when} ${offered}`,
      `http-request set-var(txn.login) bool(true) if ${when} ${offered} { var(txn.credential),map_str(${files.credentialMap}) -m found }`,
      `http-request track-sc${sc} src table ${table} if ${when} ${offered} !${known}`,
      `${wait} if ${when} ${offered} !${known} { sc_gpc0_rate(${sc}) ge ${failureLimit} }`,
      ...checks(rule.users, users).map(
        ([action, condition]) => `http-request ${action} if ${when} ${offered} !${known}${condition}`,
      ),
      `http-request set-map(${files.credentialMap}) %[var(txn.credential)] 1 if ${when} ${offered} ${known} !{ var(txn.credential),map_str(${files.credentialMap}) -m found }`,
      `http-request sc-inc-gpc0(${sc}) if ${when} ${offered} !${known}`,
      `http-request auth realm ${quote(rule.realm)} if ${when} !${known}`,
      ...(rule.userHeader === undefined
        ? []
        : [`http-request set-header ${rule.userHeader} %[http_auth_user] if ${when}`]),
      ...(rule.removeHeader ? [`http-request del-header authorization if ${when}`] : []),
    ],
    sections: [userList(rule.users, users)].filter((lines) => lines.length > 1),
  };
}

/** Actions that set `txn.login` where a password is right, each with its further condition. */
function checks(users: readonly BasicAuthUser[], list: string): (readonly [action: string, condition: string])[] {
  return [
    ...users
      .filter((user) => !isCrypt(user))
      .map(({ name, hash }) => [`lua.check_password ${quote(name)} ${quote(hash)}`, ''] as const),
    ...(users.some(isCrypt) ? [['set-var(txn.login) bool(true)', ` { http_auth(${list}) }`] as const] : []),
  ];
}

/** The forms that the system's crypt() knows; the two of Apache's are checked in policy.lua. */
function isCrypt({ hash }: BasicAuthUser): boolean {
  return /^\$(2[aby]|5|6)\$/.test(hash);
}

function userList(users: readonly BasicAuthUser[], name: string): string[] {
  return [
    `userlist ${name}`,
    ...users.filter(isCrypt).map((user) => `  user ${quote(user.name)} password ${quote(user.hash)}`),
  ];
}
