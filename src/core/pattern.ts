/** As many groups of a pattern as a replacement can name. */
export const mostGroups = 9;

/**
 * Is it a regular expression that Traefik (RE2) and the proxy (PCRE) read alike? They differ from JavaScript in the
 * spelling of named groups. An empty one would be no word of the proxy's configuration.
 */
export function isPattern(text: string): boolean {
  if (text === '') return false;
  try {
    regularExpression(text);
    return true;
  } catch {
    return false;
  }
}

/** Does it match the empty text too? */
export function matchesNothing(pattern: string): boolean {
  return regularExpression(pattern).test('');
}

function regularExpression(text: string): RegExp {
  return new RegExp(text.replaceAll('(?P<', '(?<').replace(/^\(\?[ims]+\)/, ''));
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
