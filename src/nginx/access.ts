import type { Directive } from './parse.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

/** Reads a file that an nginx file names, by the path that is written there; undefined when it is not here. */
export type ReadNamed = (path: string) => string | undefined;

/** No client has this address, so it lets in nobody. */
const nobody = '0.0.0.0/32';

/** Who may come in: `allow`, `deny` and `auth_basic`. */
export function accessOf(scope: Scope, read: ReadNamed): Pick<RouteSetting, 'allow' | 'basicAuth'> {
  const { basicAuth, isLost } = passwords(scope, read);
  // Whoever was kept out by what is not carried over must not be let in by that.
  const allow = isLost || isGuardedElsewhere(scope) ? [nobody] : allowed(scope);
  const satisfy = scope.last('satisfy');
  if (satisfy?.args[0] === 'any' && allow !== undefined && basicAuth !== undefined) {
    scope.ledger.leave(satisfy, 'satisfy');
  }
  return { ...(allow === undefined ? {} : { allow }), ...(basicAuth === undefined ? {} : { basicAuth }) };
}

/** Does the block refuse everybody? */
export function isClosed(scope: Scope): boolean {
  return scope.inherited('allow', 'deny')[0]?.args[0] === 'all' && scope.inherited('allow', 'deny')[0]?.name === 'deny';
}

/** The first line that fits an address counts, so what is refused before the last `deny all` cannot be said. */
function allowed(scope: Scope): readonly string[] | undefined {
  const lines = scope.inherited('allow', 'deny');
  const end = lines.findIndex((one) => one.args[0] === 'all');
  const before = end < 0 ? lines : lines.slice(0, end);
  for (const one of before) if (one.name === 'deny') scope.ledger.leave(one, 'deny');
  if (end < 0 || lines[end]?.name === 'allow') return undefined;
  const ranges = before.filter((one) => one.name === 'allow').map((one) => one.args[0] ?? '');
  const usable = ranges.filter((one) => one !== 'unix:');
  return usable.length === 0 ? [nobody] : usable;
}

/** Does something that a route cannot ask decide who may come in? */
function isGuardedElsewhere(scope: Scope): boolean {
  const guards = scope
    .inherited('auth_request', 'auth_jwt')
    .filter((one) => one.args[0] !== 'off')
    .map((one) => ({ one, reason: 'auth-request' as const }));
  const certificates = scope
    .inherited('ssl_verify_client')
    .filter((one) => one.args[0] === 'on')
    .map((one) => ({ one, reason: 'client-certificate' as const }));
  for (const { one, reason } of [...guards, ...certificates]) scope.ledger.leave(one, reason);
  return guards.length + certificates.length > 0;
}

interface Passwords {
  readonly basicAuth?: NonNullable<RouteSetting['basicAuth']>;
  /** There are passwords, but they cannot be read here. */
  readonly isLost: boolean;
}

function passwords(scope: Scope, read: ReadNamed): Passwords {
  const realm = scope.last('auth_basic');
  const file = scope.last('auth_basic_user_file');
  if (realm === undefined || realm.args[0] === 'off') return { isLost: false };
  const users = usersOf(file, read);
  if (users.length === 0) {
    scope.ledger.leave(file ?? realm, 'user-file');
    return { isLost: true };
  }
  return { basicAuth: { users, ...(realm.args[0] ? { realm: realm.args[0] } : {}) }, isLost: false };
}

function usersOf(file: Directive | undefined, read: ReadNamed): readonly string[] {
  const text = file === undefined ? undefined : read(file.args[0] ?? '');
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
