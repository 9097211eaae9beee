/** A regular expression and replacement as the proxy takes them: it puts the replacement for the whole value. */
export interface Substitution {
  readonly pattern: string;
  /** For a log-format: `\1` are groups, `%%` is a percent sign. */
  readonly replacement: string;
}

/**
 * Go replaces what a pattern matches and keeps the rest; the proxy replaces everything. So the rest becomes groups of
 * its own, around the pattern. Only the first match is replaced: patterns for URLs and paths match once.
 *
 * @param replacement with `$1`, `${1}` or `$name` for groups
 * @returns undefined when there are more groups than the proxy counts
 */
export function substitution(pattern: string, replacement: string): Substitution | undefined {
  const names = groupsOf(pattern);
  // Groups 1 to 9: one before, one after, the user's between.
  if (names.length > 7) return undefined;
  const text = replacement.replaceAll(/\$(?:(\d+|\w+)|\{(\w+)\})|%|\\/g, (piece, bare, braced) => {
    if (piece === '%') return '%%';
    if (piece === '\\') return '\\\\';
    const group = String(braced ?? bare);
    const number = /^\d+$/.test(group) ? Number(group) : names.indexOf(group) + 1;
    // Go takes an unknown group for an empty one.
    return number >= 1 && number <= names.length ? `\\${number + 1}` : '';
  });
  return {
    pattern: `^(.*?)(?:${pattern})(.*)$`,
    replacement: `\\1${text}\\${names.length + 2}`,
  };
}

/** The capturing groups of a pattern, by name where they have one. */
export function groupsOf(pattern: string): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '[') at = endOfClass(pattern, at);
    else if (pattern[at] === '(') {
      const [, name] = /^\(\?P?<([A-Za-z_]\w*)>/.exec(pattern.slice(at)) ?? [];
      if (name !== undefined) names.push(name);
      else if (pattern[at + 1] !== '?') names.push('');
    }
  }
  return names;
}

function endOfClass(pattern: string, start: number): number {
  // A bracket right after the opening one belongs to the class.
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at;
}
