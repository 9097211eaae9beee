import { type Cursor, code, isBlank, isBreak, isBreakOrEnd } from './cursor.ts';
import { YamlProblem } from './problem.ts';

type Chomping = 'strip' | 'clip' | 'keep';

/**
 * Reads a block scalar; the cursor stands on its `|` or `>`.
 *
 * @param parentIndent the column of the block around it, -1 at the top
 */
export function scanBlockScalar(cursor: Cursor, parentIndent: number): string {
  const isLiteral = cursor.peek() === code.bar;
  cursor.at++;
  const { chomping, increment } = scanHeader(cursor);
  const given = increment === 0 ? undefined : Math.max(parentIndent, 0) + increment;
  const lines = new BlockLines(cursor, given, parentIndent);
  return lines.read(isLiteral, chomping);
}

function scanHeader(cursor: Cursor): { readonly chomping: Chomping; readonly increment: number } {
  let chomping: Chomping = 'clip';
  let increment = 0;
  for (let part = 0; part < 2; part++) {
    const character = cursor.peek();
    if ((character === code.plus || character === code.dash) && chomping === 'clip') {
      chomping = character === code.plus ? 'keep' : 'strip';
      cursor.at++;
    } else if (character >= code.zero && character <= code.nine && increment === 0) {
      if (character === code.zero) throw new YamlProblem('block-header', cursor.at, '0');
      increment = character - code.zero;
      cursor.at++;
    }
  }
  const afterMarks = cursor.at;
  while (isBlank(cursor.peek())) cursor.at++;
  if (cursor.peek() === code.hash) cursor.skipToLineEnd();
  if (!isBreakOrEnd(cursor.peek())) throw new YamlProblem('block-header', afterMarks, cursor.text[cursor.at] ?? '');
  if (isBreak(cursor.peek())) cursor.skipLine();
  return { chomping, increment };
}

class BlockLines {
  readonly #cursor: Cursor;
  readonly #parentIndent: number;
  /** The column at which the lines begin; found at the first line unless the header gives it. */
  #indent: number | undefined;

  constructor(cursor: Cursor, indent: number | undefined, parentIndent: number) {
    this.#cursor = cursor;
    this.#indent = indent;
    this.#parentIndent = parentIndent;
  }

  read(isLiteral: boolean, chomping: Chomping): string {
    const cursor = this.#cursor;
    let value = '';
    let lineBreak = '';
    let blankLines = this.#scanBlankLines();
    let wasIndented = false;
    while (cursor.column === this.#indent && !cursor.isAtEnd) {
      const isIndented = isBlank(cursor.peek());
      const folds = !isLiteral && !wasIndented && !isIndented && lineBreak === '\n';
      if (!folds) value += lineBreak;
      else if (blankLines === '') value += ' ';
      const from = cursor.at;
      cursor.skipToLineEnd();
      value += blankLines + cursor.text.slice(from, cursor.at);
      lineBreak = isBreak(cursor.peek()) ? cursor.readLine() : '';
      wasIndented = isIndented;
      blankLines = this.#scanBlankLines();
    }
    if (chomping !== 'strip') value += lineBreak;
    return chomping === 'keep' ? value + blankLines : value;
  }

  /** Moves over blank lines and the indentation of the next line; returns their line breaks. */
  #scanBlankLines(): string {
    const cursor = this.#cursor;
    let breaks = '';
    let deepest = 0;
    for (;;) {
      while ((this.#indent === undefined || cursor.column < this.#indent) && cursor.peek() === code.space) cursor.at++;
      deepest = Math.max(deepest, cursor.column);
      const isShort = this.#indent === undefined || cursor.column < this.#indent;
      if (isShort && cursor.peek() === code.tab) throw new YamlProblem('tab', cursor.at);
      if (!isBreak(cursor.peek())) break;
      breaks += cursor.readLine();
    }
    this.#indent ??= Math.max(deepest, this.#parentIndent + 1, 1);
    return breaks;
  }
}
