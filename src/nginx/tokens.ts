import type { Location } from '#core/location.ts';

/** A piece of an nginx file: a word (quotes and escapes already resolved) or one of the three signs. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean; readonly at: Location }
  | { readonly kind: 'sign'; readonly text: '{' | '}' | ';'; readonly at: Location };

/** What is wrong with the text, and where. */
export class NginxSyntaxError extends Error {
  override readonly name = 'NginxSyntaxError';
  readonly at: Location;

  constructor(problem: 'quote' | 'brace' | 'semicolon' | 'stray', at: Location) {
    super(problem);
    this.at = at;
  }
}

/**
 * Splits an nginx file as nginx's own reader does: `#` begins a comment only where a word could begin, a quote only at
 * the beginning of a word, and `${` inside a word is a variable and no block.
 *
 * @throws NginxSyntaxError for a quote that nothing closes
 */
export function* tokens(text: string, file: string): Generator<Token> {
  const place = placer(text, file);
  const pattern =
    /\s+|#[^\n]*|"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|([{};])|((?:\$\{|\\[\s\S]|[^\s;{\\])+)/gy;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, double, single, sign, bare] = match;
    const at = place(match.index);
    // A bare word may hold quotes further in, but one that begins with a quote was never closed.
    if (bare !== undefined && /^["']/.test(bare)) throw new NginxSyntaxError('quote', at);
    end = match.index + whole.length;
    if (sign !== undefined) yield { kind: 'sign', text: sign as '{', at };
    else if (bare !== undefined) yield { kind: 'word', text: unescaped(bare), quoted: false, at };
    else if (double !== undefined || single !== undefined) {
      yield { kind: 'word', text: unescaped(double ?? single ?? ''), quoted: true, at };
    }
  }
  if (end !== text.length) throw new NginxSyntaxError('stray', place(end));
}

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '"': '"', "'": "'", '\\': '\\' };

/** Only these six are escapes; `\.` and `\d` stay as they are, which is what lets expressions be written bare. */
function unescaped(text: string): string {
  return text.replace(/\\([trn"'\\])/g, (_, letter: string) => escapes[letter] ?? '');
}

function placer(text: string, file: string): (offset: number) => Location {
  let line = 1;
  let start = 0;
  // Offsets only grow, so each line is counted once.
  return (offset) => {
    for (let next = text.indexOf('\n', start); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
      line += 1;
      start = next + 1;
    }
    return { file, line, column: offset - start + 1 };
  };
}
