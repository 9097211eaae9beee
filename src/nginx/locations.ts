import { accessOf, isClosed, type ReadNamed } from './access.ts';
import { keepsHost, requestHeaders, responseHeaders } from './headers.ts';
import type { KnownService } from './known-services.ts';
import { limitsOf, type Zones } from './limits.ts';
import type { Directive } from './parse.ts';
import { pathKeys } from './paths.ts';
import { everything, type Place, placeKeys, placeOf } from './places.ts';
import { type Redirect, redirectOf } from './redirects.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';
import type { Target, Targets } from './targets.ts';
import { timingOf } from './timing.ts';
import type { Variables } from './variables.ts';

/** What the whole file gives to every place in it. */
export interface Around {
  readonly zones: Zones;
  readonly targets: Targets;
  readonly variables: Variables;
  readonly known: readonly KnownService[];
  readonly read: ReadNamed;
  isFile(path: string): boolean;
}

/** What is to be done with the requests of a location. */
export type Found =
  | { readonly kind: 'pass'; readonly target: Target }
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  /** Everybody is refused. */
  | { readonly kind: 'closed' };

export interface FoundLocation {
  readonly directive: Directive;
  readonly place: Place;
  readonly found: Found;
  /** All keys but those of the server. */
  readonly setting: Omit<RouteSetting, 'host' | 'tls' | 'entries' | 'priority'>;
}

/** Every location of a server that does something with its requests, those inside others too. */
export function readLocations(server: Directive, scope: Scope, around: Around): FoundLocation[] {
  const locations = all(scope, around.variables);
  const named = new Map(
    locations.flatMap((one) => (one.place.kind === 'named' ? [[one.place.name, one] as const] : [])),
  );
  const own: Located = { directive: server, place: everything, scope, variables: around.variables };
  const served = locations.some((one) => one.place.kind === 'prefix' && one.place.path === '/') ? [] : [own];
  return [...locations.filter((one) => one.place.kind !== 'named'), ...served].flatMap((one) =>
    readLocation(one, named, around),
  );
}

interface Located {
  readonly directive: Directive;
  readonly place: Place;
  readonly scope: Scope;
  readonly variables: Variables;
}

function all(scope: Scope, outer: Variables): Located[] {
  return scope.own('location').flatMap((directive) => {
    const inside = scope.inside(directive.block ?? []);
    const variables = outer.with(inside);
    return [{ directive, place: placeOf(directive), scope: inside, variables }, ...all(inside, variables)];
  });
}

function readLocation(one: Located, named: ReadonlyMap<string, Located>, around: Around): FoundLocation[] {
  const { directive, place, scope, variables } = one;
  const { ledger } = scope;
  const [pass] = scope.own('proxy_pass');
  if (pass !== undefined) {
    const target = around.targets.find(pass, variables, scope);
    return target === undefined ? [] : routeTo({ ...one, pass, target }, around);
  }
  const redirect = redirectOf(scope, undefined);
  if (redirect !== undefined) {
    const keys = placeKeys(place, directive, scope);
    const setting = { ...keys, redirect: redirect.setting, ...responseHeaders(scope) };
    return keys === undefined ? [] : [{ directive, place, found: { kind: 'redirect', redirect }, setting }];
  }
  const [files] = scope.own('try_files');
  const fallback = named.get(files?.args.at(-1) ?? '');
  if (files !== undefined && fallback !== undefined) {
    ledger.leave(files, 'static');
    return readLocation({ ...fallback, directive, place }, new Map(), around);
  }
  return unrouted(one);
}

/** A location that passes nothing on: closed, or left to a service. */
function unrouted({ directive, place, scope }: Located): FoundLocation[] {
  const { ledger } = scope;
  for (const one of scope.own('fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'grpc_pass', 'memcached_pass')) {
    ledger.leave(one, 'protocol');
    return [];
  }
  const closed = scope.own('allow', 'deny').length > 0 && isClosed(scope);
  if (closed) {
    const keys = placeKeys(place, directive, scope);
    return keys === undefined
      ? []
      : [{ directive, place, found: { kind: 'closed' }, setting: { ...keys, ...accessOf(scope, () => undefined) } }];
  }
  for (const one of scope.own('return')) {
    ledger.leave(one, 'fixed-answer');
    return [];
  }
  if (directive.name === 'location') ledger.leave(directive, isForCertbot(place) ? 'acme' : 'static');
  else for (const one of scope.own('root', 'alias', 'try_files', 'index')) ledger.leave(one, 'static');
  return [];
}

function isForCertbot(place: Place): boolean {
  return 'path' in place && place.path.startsWith('/.well-known/acme-challenge');
}

function routeTo(
  one: Located & { readonly pass: Directive; readonly target: Target },
  around: Around,
): FoundLocation[] {
  const { directive, place, scope, pass, target } = one;
  const keys = placeKeys(place, directive, scope);
  if (keys === undefined) return [];
  if (!keepsHost(scope)) scope.ledger.change(pass, 'host-kept');
  const setting = {
    ...keys,
    port: target.port,
    ...(target.scheme === 'https' ? { scheme: 'https' as const } : {}),
    ...(target.balance === undefined ? {} : { balance: target.balance }),
    ...accessOf(scope, around.read),
    ...limitsOf(scope, around.zones),
    ...timingOf(scope, target.servers),
    ...pathKeys(place, target.uri, pass, scope),
    ...requestHeaders(scope),
    ...responseHeaders(scope),
    ...(target.sticky === undefined ? {} : { sticky: target.sticky }),
  };
  return [{ directive, place, found: { kind: 'pass', target }, setting }];
}
