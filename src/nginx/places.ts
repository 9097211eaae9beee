import { isPattern } from '#core/pattern.ts';
import type { Directive } from './parse.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

/** What a `location` takes. */
export type Place =
  | { readonly kind: 'prefix'; readonly path: string; readonly beforePatterns: boolean }
  | { readonly kind: 'exact'; readonly path: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'named'; readonly name: string };

/** A server without locations takes every path. */
export const everything: Place = { kind: 'prefix', path: '/', beforePatterns: false };

/** nginx allows the modifier to stand apart or at the path itself. */
export function placeOf({ args }: Directive): Place {
  const [, sign = '', text = ''] = /^(=|~\*|~|\^~|@)?\s*([\s\S]*)$/.exec(args.join(' ')) ?? [];
  switch (sign) {
    case '=':
      return { kind: 'exact', path: text };
    case '~':
      return { kind: 'pattern', pattern: text };
    case '~*':
      return { kind: 'pattern', pattern: `(?i)${text}` };
    case '@':
      return { kind: 'named', name: `@${text}` };
    default:
      return { kind: 'prefix', path: text === '' ? '/' : text, beforePatterns: sign === '^~' };
  }
}

/** The place as keys of a route; undefined, and reported, for an expression that cannot be kept. */
export function placeKeys(
  place: Place,
  location: Directive,
  { ledger }: Scope,
): Pick<RouteSetting, 'path' | 'rule'> | undefined {
  switch (place.kind) {
    case 'exact':
      return { rule: `Path(${quoted(place.path)})` };
    case 'pattern':
      if (isPattern(place.pattern)) return { rule: `PathRegexp(${quoted(place.pattern)})` };
      ledger.leave(location, 'pattern');
      return undefined;
    case 'prefix':
      if (place.path === '/') return {};
      ledger.change(location, place.path.endsWith('/') ? 'slash' : 'prefix');
      return { path: place.path.replace(/\/$/, '') };
    case 'named':
      return undefined;
  }
  place satisfies never;
}

/** A value inside a rule. */
export function quoted(text: string): string {
  return text.includes('`') ? `"${text.replaceAll(/[\\"]/g, '\\$&')}"` : `\`${text}\``;
}

export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** nginx tries exact paths first, then `^~`, then expressions in their order, then the longest prefix. */
export function placeRank(place: Place, index: number): number {
  switch (place.kind) {
    case 'exact':
      return 4000;
    case 'pattern':
      return 2999 - Math.min(index, 900);
    default:
      return (place.kind === 'prefix' && place.beforePatterns ? 3000 : 0) + Math.min(placeLength(place), 900);
  }
}

function placeLength(place: Place): number {
  return place.kind === 'prefix' ? place.path.length : 0;
}
