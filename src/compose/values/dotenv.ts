import { fail, TimonelError } from '#core/errors.ts';
import type { Location } from '#core/location.ts';
import { type Lookup, substitute } from './template.ts';

export interface DotenvOptions {
  /** Name of the file, for the place that errors carry. */
  readonly file?: string;
  /** Values of files read before: variables see them unless this text sets them anew. */
  readonly earlier?: ReadonlyMap<string, string>;
  /** A value mentions a variable that nobody knows; it counts as empty. */
  readonly onMissing?: (name: string, at: Location) => void;
}

/**
 * Reads a `.env` file or an `env_file`: `KEY=VALUE` or `KEY: VALUE` a statement, `export` before it, comments, values
 * bare, in '…' (literal) or "…" (escapes and variables). A bare `KEY` takes its value from `lookup` or is left out
 * (Compose Specification, chapters "env_file" and "Interpolation").
 *
 * @param lookup asked before the statements above when a value mentions a variable
 * @throws COMPOSE_DOTENV_* and COMPOSE_INTERPOLATION_*, with the place in the file; never with a value, which may be secret
 */
export function parseDotenv(text: string, lookup: Lookup, options: DotenvOptions = {}): Record<string, string> {
  return Object.fromEntries(new Reader(text, lookup, options).read());
}

// White space as Unicode has it; the second set leaves out the line feed, which ends a statement.
const space = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaces = new RegExp(`[${space}]*`, 'y');
const trailingSpace = new RegExp(`[${space}]+$`);
const blanks = /[\t\v\f\r \u0085\u00a0]*/y;

const exportWord = /export\s+/y;
const keyText = /[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]*/uy;

class Reader {
  readonly #text: string;
  readonly #lookup: Lookup;
  readonly #options: DotenvOptions;
  readonly #values = new Map<string, string>();
  #at: number;

  constructor(text: string, lookup: Lookup, options: DotenvOptions) {
    this.#text = text;
    this.#lookup = lookup;
    this.#options = options;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  read(): ReadonlyMap<string, string> {
    while (this.#toStatement()) this.#statement();
    return this.#values;
  }

  /** Moves to the next statement, over blank lines and comments. False at the end of the text. */
  #toStatement(): boolean {
    for (;;) {
      this.#skip(spaces);
      if (this.#text[this.#at] !== '#') return this.#at < this.#text.length;
      this.#at = this.#lineEnd(this.#at);
    }
  }

  #statement(): void {
    const key = this.#key();
    const separator = this.#text[this.#at];
    this.#at++;
    const bare = separator === '\n' || separator === undefined;
    const value = bare ? this.#lookup(key) : this.#value(key);
    if (value !== undefined) this.#values.set(key, value);
  }

  /** Reads a name and stops at what ends it: `=`, `:`, a line feed or the end. */
  #key(): string {
    exportWord.lastIndex = this.#at;
    if (exportWord.test(this.#text)) {
      this.#at += 'export'.length;
      this.#skip(blanks);
    }
    const start = this.#at;
    this.#skip(keyText);
    const stop = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 10);
    if (!'=:\n'.includes(stop)) {
      const name = this.#text.slice(start, this.#nameEnd(start));
      throw fail('COMPOSE_DOTENV_KEY_CHARACTER', { character: stop, name }, { at: this.#place(this.#at) });
    }
    const key = this.#text.slice(start, this.#at).replace(trailingSpace, '');
    if (key.includes(' ')) throw fail('COMPOSE_DOTENV_KEY_SPACE', { key }, { at: this.#place(start) });
    return key;
  }

  #value(key: string): string {
    this.#skip(blanks);
    const start = this.#at;
    const quote = this.#text[start];
    if (quote === "'") return this.#quoted(key, quote);
    const template = quote === '"' ? resolveEscapes(this.#quoted(key, quote)) : this.#unquoted();
    return this.#expand(template, start);
  }

  /** Reads up to the closing quote. A backslash only guards a quote here: other pairs stay as they are. */
  #quoted(key: string, quote: '"' | "'"): string {
    const start = this.#at;
    const special = quote === '"' ? /["\\]/g : /['\\]/g;
    let value = '';
    let from = start + 1;
    for (;;) {
      special.lastIndex = from;
      const found = special.exec(this.#text)?.index;
      if (found === undefined || (this.#text[found] === '\\' && found + 1 === this.#text.length)) {
        const guarded = this.#text.slice(start + 1).includes(`\\${quote}`);
        throw fail('COMPOSE_DOTENV_QUOTE', { key, quote, guarded }, { at: this.#place(start) });
      }
      value += this.#text.slice(from, found);
      if (this.#text[found] === quote) {
        this.#at = found + 1;
        return value;
      }
      const guarded = this.#text[found + 1] ?? '';
      value += guarded === quote ? quote : `\\${guarded}`;
      from = found + 2;
    }
  }

  #unquoted(): string {
    const line = this.#text.slice(this.#at, this.#lineEnd(this.#at));
    this.#at += line.length;
    const comment = line.indexOf(' #');
    return (comment < 0 ? line : line.slice(0, comment)).replace(trailingSpace, '');
  }

  #expand(template: string, start: number): string {
    const { earlier, onMissing } = this.#options;
    const lookup: Lookup = (name) => this.#lookup(name) ?? this.#values.get(name) ?? earlier?.get(name);
    try {
      return substitute(template, lookup, (name) => onMissing?.(name, this.#place(start)));
    } catch (error) {
      throw error instanceof TimonelError
        ? new TimonelError(error.said, { at: this.#place(start), cause: error })
        : error;
    }
  }

  /** Where the name of a statement ends that has a wrong character in it: its value must not be shown. */
  #nameEnd(start: number): number {
    const end = this.#lineEnd(start);
    const separator = this.#text.slice(start, end).search(/[=:]/);
    return separator < 0 ? end : start + separator;
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end < 0 ? this.#text.length : end;
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  #place(index: number): Location {
    const before = this.#text.slice(0, index).split('\n');
    return { file: this.#options.file ?? '.env', line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\\a': '\x07',
  '\\b': '\b',
  '\\f': '\f',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\v': '\v',
  '\\\\': '\\',
  '\\"': '"',
  // What follows is substituted next, where two dollars make one.
  '\\$': '$$',
};

/** Resolves the escapes of "…": letters as in a shell, `\0` with three octal digits; all others stay as they are. */
function resolveEscapes(text: string): string {
  return text.replace(/\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})/g, (match) => {
    if (match[1] !== '0') return escapes[match] ?? match;
    const code = /^[0-3][0-7]{2}$/.test(match.slice(2)) ? Number.parseInt(match.slice(2), 8) : undefined;
    return code === undefined ? match : String.fromCharCode(code);
  });
}
