import { type Cursor, code, isBlank, isBlankOrEnd, isBreak, isFlowMark } from './cursor.ts';
import { YamlProblem } from './problem.ts';

/** Where a plain scalar stands. */
export interface PlainContext {
  /** Inside `[…]` or `{…}`. */
  readonly isFlow: boolean;
  /** The column that further lines of it must reach. */
  readonly indent: number;
}

/**
 * Reads an unquoted scalar. Line breaks inside it fold to spaces.
 *
 * @returns the value, and whether a line break was passed after its end
 */
export function scanPlain(
  cursor: Cursor,
  context: PlainContext,
): { readonly value: string; readonly passedBreak: boolean } {
  let value = '';
  let join = '';
  for (;;) {
    if (cursor.isAtDocumentMark || cursor.peek() === code.hash) break;
    const from = cursor.at;
    const end = scanWords(cursor, context.isFlow);
    if (end > from) {
      value += join + cursor.text.slice(from, end);
      join = '';
    }
    // Not at a line break: an indicator ended it, or a comment after a blank.
    if (!isBreak(cursor.peek())) break;
    join = scanBreaks(cursor, context.indent);
    if (!context.isFlow && cursor.column < context.indent) break;
  }
  return { value, passedBreak: join !== '' };
}

/** Moves over words and blanks up to what ends them; returns where the last word ends. */
function scanWords(cursor: Cursor, isFlow: boolean): number {
  const { text } = cursor;
  let at = cursor.at;
  let end = at;
  let isAfterBlank = false;
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (isBlank(character)) {
      isAfterBlank = true;
      continue;
    }
    if (isBreak(character)) break;
    if (character === code.hash && isAfterBlank) break;
    if (character === code.colon && isBlankOrEnd(at + 1 < text.length ? text.charCodeAt(at + 1) : 0)) break;
    if (isFlow && endsInFlow(character, at + 1 < text.length ? text.charCodeAt(at + 1) : 0)) break;
    isAfterBlank = false;
    end = at + 1;
  }
  cursor.at = at;
  return end;
}

function endsInFlow(character: number, next: number): boolean {
  return isFlowMark(character) || (character === code.question && isBlankOrEnd(next));
}

/** Moves over line breaks and the indentation after them; returns what joins the words on both sides. */
function scanBreaks(cursor: Cursor, indent: number): string {
  const first = cursor.readLine();
  let more = '';
  for (;;) {
    const character = cursor.peek();
    if (isBreak(character)) more += cursor.readLine();
    else if (!isBlank(character)) break;
    else if (character === code.tab && cursor.column < indent) throw new YamlProblem('tab', cursor.at);
    else cursor.at++;
  }
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}
