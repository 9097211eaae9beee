/** A piece of a Traefik rule. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: '(' | ')' | ',' | '!' | '&&' | '||'; readonly at: number };

const piece = /\s+|([A-Za-z]+)|`([^`]*)`|"((?:[^"\\]|\\.)*)"|(&&|\|\||[(),!])/gy;

/** Splits a rule into words, quoted texts and signs. Throws a sentence for what belongs to none of them. */
export function tokens(rule: string): readonly Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of rule.matchAll(piece)) {
    const at = match.index;
    end = at + match[0].length;
    const [, word, raw, quoted, sign] = match;
    if (word !== undefined) found.push({ kind: 'word', text: word, at });
    else if (raw !== undefined) found.push({ kind: 'text', text: raw, at });
    else if (quoted !== undefined) found.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1'), at });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign as '(', at });
  }
  if (end !== rule.length) throw new SyntaxError(`unexpected "${rule.slice(end, end + 12)}" at character ${end + 1}`);
  return found;
}
