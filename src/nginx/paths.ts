import { isPattern } from '#core/pattern.ts';
import type { Directive } from './parse.ts';
import { escaped, type Place } from './places.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

type PathKeys = Pick<RouteSetting, 'stripPrefix' | 'rewrite'>;

/** What becomes of the path on its way to the service: `rewrite ... break`, or else the path that `proxy_pass` has. */
export function pathKeys(place: Place, uri: string | undefined, pass: Directive, scope: Scope): PathKeys {
  const rewrites = scope.own('rewrite').filter((one) => !isRedirect(one));
  const kept = rewrites.flatMap((one) => rewriteOf(one, scope));
  // After a rewriting with `break` nginx passes the new path on and forgets the one of proxy_pass.
  if (kept.length > 0) return { rewrite: kept };
  if (uri === undefined) return {};
  const change = replaced(place, uri);
  if (change === undefined) scope.ledger.leave(pass, 'target');
  return change ?? {};
}

/** `rewrite` with a redirect as its outcome. */
export function isRedirect({ args: [, replacement = '', flag] }: Directive): boolean {
  return flag === 'permanent' || flag === 'redirect' || /^(https?:\/\/|\$scheme)/.test(replacement);
}

function rewriteOf(one: Directive, { ledger }: Scope): { readonly from: string; readonly to: string }[] {
  const [pattern = '', replacement = '', flag] = one.args;
  const to = grouped(replacement);
  if (flag !== 'break' || replacement.includes('?') || to === undefined) {
    ledger.leave(one, 'rewrite');
    return [];
  }
  if (isPattern(pattern)) return [{ from: whole(pattern), to }];
  ledger.leave(one, 'pattern');
  return [];
}

/** `$1` as `${1}`, so that what follows cannot pass for a part of it; undefined where other variables stand. */
function grouped(text: string): string | undefined {
  const to = text.replaceAll(/\$\{?(\d)\}?/g, '${$1}');
  return /\$(?!\{\d\})/.test(to) ? undefined : to;
}

/** nginx replaces all of the path wherever the pattern is found in it. */
function whole(pattern: string): string {
  const start = pattern.startsWith('^') ? '' : '^.*?';
  const end = pattern.endsWith('$') && !pattern.endsWith('\\$') ? '' : '.*$';
  return start === '' && end === '' ? pattern : `${start}${start === '' ? pattern : `(?:${pattern})`}${end}`;
}

function replaced(place: Place, uri: string): PathKeys | undefined {
  const to = grouped(uri);
  if (to === undefined || uri.includes('?')) return undefined;
  switch (place.kind) {
    case 'prefix':
      return prefixReplaced(place.path, to);
    case 'exact':
      return { rewrite: [{ from: `^${escaped(place.path)}$`, to }] };
    case 'pattern':
      return { rewrite: [{ from: whole(place.pattern), to }] };
    case 'named':
      return undefined;
  }
  place satisfies never;
}

function prefixReplaced(path: string, to: string): PathKeys {
  if (path === to) return {};
  const bare = path.replace(/\/$/, '');
  if (to === '/') return bare === '' ? {} : { stripPrefix: bare };
  if (path.endsWith('/') && to.endsWith('/')) {
    return { rewrite: [{ from: `^${escaped(bare)}(?:/(.*))?$`, to: `${to}\${1}` }] };
  }
  return { rewrite: [{ from: `^${escaped(path)}(.*)$`, to: `${to}\${1}` }] };
}
