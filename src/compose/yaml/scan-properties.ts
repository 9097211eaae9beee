import { type Cursor, code, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './cursor.ts';
import { YamlProblem } from './problem.ts';
import type { Token } from './token.ts';

const anchorName = /[^\s:,[\]{}\ufeff\x85\u2028\u2029]+/y;

/** Reads `&name` or `*name`; the cursor stands on the sign. */
export function scanAnchor(cursor: Cursor, kind: 'anchor' | 'alias'): Token {
  const at = cursor.at;
  cursor.at++;
  const name = match(cursor, anchorName);
  const next = cursor.peek();
  const isEnded = isBlankOrEnd(next) || ':,]}'.includes(String.fromCharCode(next));
  if (name === '' || !isEnded) throw new YamlProblem('anchor-name', at);
  return { kind, at, name };
}

const verbatimTag = /<[\w\-;/?:@&=+$.!~*'()%,[\]{}]+>/y;
const shorthandTag = /![\w-]*!?/y;
const tagSuffix = /[\w\-;/?:@&=+$.!~*'()%]*/y;

/** Reads a tag such as `!reset`, `!!int` or `!<tag:…>`; the cursor stands on its `!`. */
export function scanTag(cursor: Cursor): Token {
  const at = cursor.at;
  const tag = cursor.peek(1) === code.less ? scanVerbatim(cursor) : scanShorthand(cursor);
  if (!isBlankOrEnd(cursor.peek())) throw new YamlProblem('tag', at);
  return { kind: 'tag', at, ...tag };
}

interface TagName {
  readonly handle: string;
  readonly suffix: string;
}

function scanVerbatim(cursor: Cursor): TagName {
  const at = cursor.at;
  cursor.at++;
  const written = match(cursor, verbatimTag);
  if (written === '') throw new YamlProblem('tag', at);
  return { handle: '', suffix: unescaped(written.slice(1, -1), at) };
}

function scanShorthand(cursor: Cursor): TagName {
  const at = cursor.at;
  const handle = match(cursor, shorthandTag);
  const suffix = unescaped(match(cursor, tagSuffix), at);
  if (handle.length > 1 && handle.endsWith('!')) {
    if (suffix === '') throw new YamlProblem('tag', at);
    return { handle, suffix };
  }
  const whole = handle.slice(1) + suffix;
  return whole === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix: whole };
}

function unescaped(suffix: string, at: number): string {
  try {
    return suffix.includes('%') ? decodeURIComponent(suffix) : suffix;
  } catch {
    throw new YamlProblem('tag', at);
  }
}

const versionDirective = /%YAML[ \t]+1\.[12](?=[ \t\r\n]|$)/y;
const tagDirective = /%TAG[ \t]+(![\w-]*!?)[ \t]+([\w\-;/?:@&=+$.!~*'()%,[\]{}]+)/y;

/** Reads a directive line; the cursor stands on its `%`. */
export function scanDirective(cursor: Cursor): Token {
  const at = cursor.at;
  tagDirective.lastIndex = at;
  const tag = tagDirective.exec(cursor.text);
  cursor.at += tag === null ? match(cursor, versionDirective, 'stay').length : tag[0].length;
  if (cursor.at === at) throw new YamlProblem('directive', at);
  while (isBlank(cursor.peek())) cursor.at++;
  if (cursor.peek() === code.hash) cursor.skipToLineEnd();
  if (!isBreakOrEnd(cursor.peek())) throw new YamlProblem('directive', at);
  if (isBreak(cursor.peek())) cursor.skipLine();
  if (tag === null) return { kind: 'version-directive', at };
  return { kind: 'tag-directive', at, handle: tag[1] ?? '', prefix: tag[2] ?? '' };
}

function match(cursor: Cursor, pattern: RegExp, then: 'move' | 'stay' = 'move'): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? '';
  if (then === 'move') cursor.at += found.length;
  return found;
}
