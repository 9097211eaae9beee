import { fail } from '#core/errors.ts';

/** Gives the value of a variable, or undefined when it is not set (empty is set). */
export type Lookup = (name: string) => string | undefined;

/** One variable that a template mentions, as `config --variables` lists it. Texts are raw, not substituted. */
export interface TemplateVariable {
  readonly name: string;
  readonly defaultValue?: string;
  readonly presenceValue?: string;
  readonly required: boolean;
}

type Operator = ':-' | '-' | ':?' | '?' | ':+' | '+';

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'plain'; readonly name: string }
  | { readonly kind: 'conditional'; readonly name: string; readonly operator: Operator; readonly word: string }
  | { readonly kind: 'invalid'; readonly fragment: string };

/** Values that name each other twice double in size: a text of this many characters is a mistake. */
const longest = 16 * 1024 * 1024;

/** Words nest (`${A:-${B:-…}}`); nobody writes more levels than this, and each one costs stack. */
const deepestNesting = 200;

/**
 * Replaces the variables of a template: `$$`, `$X`, `${X}` and `${X<op>WORD}` with op `:-` `-` `:?` `?` `:+` `+`.
 * WORD is substituted only when it is used; results are not read again. Any other `$` stays as it is
 * (Compose Specification, chapter "Interpolation").
 *
 * @param onMissing called for each variable without value and without default, which counts as empty
 * @throws COMPOSE_INTERPOLATION_FORMAT, COMPOSE_INTERPOLATION_REQUIRED, COMPOSE_INTERPOLATION_DEPTH,
 *   COMPOSE_INTERPOLATION_SIZE
 */
export function substitute(text: string, lookup: Lookup, onMissing?: (name: string) => void): string {
  return fill(text, { lookup, onMissing }, 0);
}

/** The variables that a template mentions, in order of appearance, those inside defaults included. */
export function variablesOf(text: string): TemplateVariable[] {
  const found: TemplateVariable[] = [];
  for (const piece of pieces(text)) {
    if (piece.kind === 'plain') found.push({ name: piece.name, required: false });
    if (piece.kind === 'conditional') found.push(...variablesOfConditional(piece));
  }
  return found;
}

interface Values {
  readonly lookup: Lookup;
  readonly onMissing: ((name: string) => void) | undefined;
}

function fill(text: string, values: Values, depth: number): string {
  if (!text.includes('$')) return text;
  if (depth > deepestNesting) throw fail('COMPOSE_INTERPOLATION_DEPTH', { limit: deepestNesting });
  let result = '';
  for (const piece of pieces(text)) {
    if (piece.kind === 'invalid') throw fail('COMPOSE_INTERPOLATION_FORMAT', { fragment: piece.fragment });
    result += resolve(piece, values, depth);
    if (result.length > longest) throw fail('COMPOSE_INTERPOLATION_SIZE', { limit: longest / 1024 / 1024 });
  }
  return result;
}

function resolve(piece: Exclude<Piece, { kind: 'invalid' }>, values: Values, depth: number): string {
  if (piece.kind === 'text') return piece.text;
  const value = values.lookup(piece.name);
  if (piece.kind === 'plain') {
    if (value === undefined) values.onMissing?.(piece.name);
    return value ?? '';
  }
  const { operator, word } = piece;
  const there = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  switch (operator) {
    case ':-':
    case '-':
      return there ? (value ?? '') : fill(word, values, depth + 1);
    case ':+':
    case '+':
      return there ? fill(word, values, depth + 1) : '';
    case ':?':
    case '?':
      if (there) return value ?? '';
      throw fail('COMPOSE_INTERPOLATION_REQUIRED', { name: piece.name, reason: fill(word, values, depth + 1) });
  }
}

function variablesOfConditional({ name, operator, word }: Extract<Piece, { kind: 'conditional' }>): TemplateVariable[] {
  switch (operator) {
    case ':?':
    case '?':
      return [{ name, required: true }];
    case ':-':
    case '-':
      return [{ name, defaultValue: word, required: false }, ...variablesOf(word)];
    case ':+':
    case '+':
      return [{ name, presenceValue: word, required: false }, ...variablesOf(word)];
  }
}

const nameHere = /[A-Za-z_][A-Za-z0-9_]*/y;
const operatorHere = /:?[-?+]/y;

function* pieces(text: string): Generator<Piece> {
  const braces = new LastBraces(text);
  let from = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', from)) {
    if (dollar > from) yield { kind: 'text', text: text.slice(from, dollar) };
    const [piece, end] = pieceAt(text, dollar, braces);
    yield piece;
    from = end;
  }
  if (from < text.length) yield { kind: 'text', text: text.slice(from) };
}

/** The piece that starts with the `$` at `dollar`, and where the text goes on after it. */
function pieceAt(text: string, dollar: number, braces: LastBraces): readonly [Piece, number] {
  if (text[dollar + 1] === '$') return [{ kind: 'text', text: '$' }, dollar + 2];
  if (text[dollar + 1] === '{') return bracedAt(text, dollar, braces);
  const name = matchAt(nameHere, text, dollar + 1);
  if (name === undefined) return [{ kind: 'text', text: '$' }, dollar + 1];
  return [{ kind: 'plain', name }, dollar + 1 + name.length];
}

function bracedAt(text: string, dollar: number, braces: LastBraces): readonly [Piece, number] {
  const invalid = [{ kind: 'invalid', fragment: fragmentAt(text, dollar) }, dollar + 2] as const;
  const name = matchAt(nameHere, text, dollar + 2);
  if (name === undefined) return invalid;
  const afterName = dollar + 2 + name.length;
  if (text[afterName] === '}') return [{ kind: 'plain', name }, afterName + 1];
  const operator = matchAt(operatorHere, text, afterName) as Operator | undefined;
  if (operator === undefined) return invalid;
  const start = afterName + operator.length;
  const last = braces.onLineOf(start);
  if (last < start) return invalid;
  const close = closingBrace(text, dollar + 1, last);
  return [{ kind: 'conditional', name, operator, word: text.slice(start, close) }, close + 1];
}

/** The wrong part of a template, kept short: the text around it may hold a secret. */
function fragmentAt(text: string, dollar: number): string {
  const [start = ''] = text.slice(dollar, dollar + 24).split('\n');
  const close = start.indexOf('}');
  if (close >= 0) return start.slice(0, close + 1);
  return start.length < text.length - dollar ? `${start}…` : start;
}

/**
 * The brace that closes the one at `open`, or `last` when they do not balance. The character after an opening brace is
 * never looked at: so does the reference loader, and `${X:-{}}` depends on it.
 */
function closingBrace(text: string, open: number, last: number): number {
  let depth = 0;
  for (let index = open; index <= last; index++) {
    const character = text[index];
    if (character === '{') {
      depth++;
      index++;
    } else if (character === '}' && --depth === 0) return index;
  }
  return last;
}

/** Finds the last `}` of a line, remembering it: a line with many variables is searched once. */
class LastBraces {
  readonly #text: string;
  #lineEnd = -1;
  #last = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Index of the last closing brace on the line that `index` is on; below `index` when there is none after it. */
  onLineOf(index: number): number {
    if (index > this.#lineEnd) {
      const end = this.#text.indexOf('\n', index);
      this.#lineEnd = end < 0 ? this.#text.length : end;
      this.#last = this.#text.lastIndexOf('}', this.#lineEnd);
    }
    return this.#last;
  }
}

function matchAt(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}
