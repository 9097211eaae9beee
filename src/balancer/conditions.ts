import { isWildcard } from '#core/wildcard.ts';
import type { Match } from '#model/route.ts';
import { alternatives, type Leaf, type Literal } from './alternatives.ts';
import { escapePattern } from './policy/text.ts';
import { quote } from './quote.ts';
import { sentPath } from './sent-path.ts';

/**
 * A match as conditions of the proxy's language: a request matches when any of the returned lines holds. Lines are
 * joined with `||` or repeated as rules of their own.
 */
export function conditions(match: Match): readonly string[] {
  return alternatives(match).map((literals) => literals.map(condition).join(' '));
}

function condition({ leaf, negated }: Literal): string {
  return `${negated ? '!' : ''}{ ${test(leaf)} }`;
}

/** The host without its first label. */
export const parentHost = 'var(txn.host),field(2,.,0)';

/** `--` ends the flags, so that a value that begins with a dash stays a value. */
function test(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'host':
      return isWildcard(leaf.name)
        ? `${parentHost} -m str -- ${quote(leaf.name.slice(2))}`
        : `var(txn.host) -m str -- ${quote(leaf.name)}`;
    case 'host-regexp':
      return `var(txn.host) -m reg -i -- ${quote(leaf.pattern)}`;
    case 'path':
      return `path -m str -- ${quote(sentPath(leaf.path))}`;
    case 'path-prefix':
      return `path -m beg -- ${quote(sentPath(leaf.prefix))}`;
    case 'path-regexp':
      return `path -m reg -- ${quote(leaf.pattern)}`;
    case 'method':
      return `method -- ${quote(leaf.method)}`;
    case 'header':
      // An empty word would end the list of values.
      return leaf.value === ''
        ? `req.fhdr(${leaf.name}) -m len 0`
        : `req.fhdr(${leaf.name}) -m str -- ${quote(leaf.value)}`;
    case 'header-regexp':
      return `req.fhdr(${leaf.name}) -m reg -- ${quote(leaf.pattern)}`;
    case 'query':
      // `?mobile` is there and empty, as `?mobile=` is.
      return leaf.value === ''
        ? `query -m reg -- ${quote(`(^|&)${escapePattern(leaf.name)}=?(&|$)`)}`
        : `url_param(${leaf.name}),url_dec(1) -m str -- ${quote(leaf.value)}`;
    case 'query-regexp':
      return `url_param(${leaf.name}),url_dec(1) -m reg -- ${quote(leaf.pattern)}`;
    case 'client-ip':
      return `src -- ${quote(leaf.range)}`;
  }
  leaf satisfies never;
}
