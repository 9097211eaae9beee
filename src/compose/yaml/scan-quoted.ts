import { type Cursor, code, isBlank, isBreak } from './cursor.ts';
import { YamlProblem } from './problem.ts';

/** Reads a scalar in `'…'`; the cursor stands on the first quote. Line breaks inside it fold. */
export function scanSingleQuoted(cursor: Cursor): string {
  return scanQuoted(cursor, code.apostrophe);
}

/** Reads a scalar in `"…"` with its escapes; the cursor stands on the first quote. Line breaks inside it fold. */
export function scanDoubleQuoted(cursor: Cursor): string {
  return scanQuoted(cursor, code.quote);
}

function scanQuoted(cursor: Cursor, quote: number): string {
  const start = cursor.at;
  cursor.at++;
  let value = '';
  for (;;) {
    if (cursor.isAtDocumentMark) throw new YamlProblem('document-in-quotes', start);
    const character = cursor.peek();
    if (character === 0) throw new YamlProblem('open-quote', start);
    if (character === quote) {
      if (quote === code.quote || cursor.peek(1) !== quote) break;
      value += "'";
      cursor.at += 2;
    } else if (character === code.backslash && quote === code.quote) value += scanEscape(cursor, start);
    else if (isBlank(character) || isBreak(character)) value += scanSpace(cursor);
    else value += scanRun(cursor, quote);
  }
  cursor.at++;
  return value;
}

/** Characters that stand for themselves. */
function scanRun(cursor: Cursor, quote: number): string {
  const from = cursor.at;
  for (;;) {
    const character = cursor.peek();
    if (character === 0 || character === quote || isBlank(character) || isBreak(character)) break;
    if (character === code.backslash && quote === code.quote) break;
    cursor.at++;
  }
  return cursor.text.slice(from, cursor.at);
}

/** Blanks, or line breaks with the blanks around them: one break is a space, more are one less. */
function scanSpace(cursor: Cursor): string {
  const from = cursor.at;
  while (isBlank(cursor.peek())) cursor.at++;
  if (!isBreak(cursor.peek())) return cursor.text.slice(from, cursor.at);
  const first = cursor.readLine();
  const more = scanFurtherBreaks(cursor);
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}

function scanFurtherBreaks(cursor: Cursor): string {
  let breaks = '';
  for (;;) {
    if (isBreak(cursor.peek())) {
      // A document mark in the first column ends the line here, so that the caller sees it.
      breaks += cursor.readLine();
    } else if (isBlank(cursor.peek())) cursor.at++;
    else return breaks;
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(cursor: Cursor, start: number): string {
  const letter = cursor.text[cursor.at + 1] ?? '';
  if (letter === '') throw new YamlProblem('open-quote', start);
  if (isBreak(letter.charCodeAt(0))) {
    // An escaped line break is nothing, and so are the blanks after it.
    cursor.at++;
    cursor.skipLine();
    return scanFurtherBreaks(cursor);
  }
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) {
    cursor.at += 2;
    return simple;
  }
  const length = Object.hasOwn(hexLengths, letter) ? (hexLengths[letter] ?? 0) : 0;
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 2 + length);
  if (length === 0) throw new YamlProblem('escape', cursor.at, `\\${letter}`);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits))
    throw new YamlProblem('escape', cursor.at, `\\${letter}${digits}`);
  const point = Number.parseInt(digits, 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    throw new YamlProblem('escape', cursor.at, `\\${letter}${digits}`);
  cursor.at += 2 + length;
  return String.fromCodePoint(point);
}
