import { groupsOf, matchesNothing, mostGroups } from '#core/pattern.ts';
import { argument } from '../quote.ts';

/**
 * The converter that replaces as Go does: everything that the pattern matches, and the rest stays. What matches the
 * empty text too is replaced once: the proxy would find it again behind each match.
 *
 * @param replacement with `$1`, `${1}` or `$name` for groups
 */
export function replacing(pattern: string, replacement: string): string {
  const all = matchesNothing(pattern) ? '' : ',g';
  return `regsub(${argument(pattern)},${argument(numbered(pattern, replacement))}${all})`;
}

/** Groups as the proxy names them, by numbers up to 9. Go takes an unknown group for an empty one. */
function numbered(pattern: string, replacement: string): string {
  const names = groupsOf(pattern);
  return replacement.replaceAll(/\$(?:(\$)|(\d+|\w+)|\{(\w+)\})|\\/g, (piece, dollar, bare, braced) => {
    if (piece === '\\') return '\\\\';
    if (dollar !== undefined) return '$';
    const group = String(braced ?? bare);
    const number = /^\d+$/.test(group) ? Number(group) : names.indexOf(group) + 1;
    return number <= Math.min(names.length, mostGroups) && (number > 0 || group === '0') ? `\\${number}` : '';
  });
}
