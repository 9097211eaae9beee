import { Cursor, code, isBlankOrEnd, isBreak } from './cursor.ts';
import { limits } from './limits.ts';
import { TooDeep, TooManyValues, YamlProblem } from './problem.ts';
import { scanBlockScalar } from './scan-block.ts';
import { scanPlain } from './scan-plain.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-properties.ts';
import { scanDoubleQuoted, scanSingleQuoted } from './scan-quoted.ts';
import type { Mark, ScalarStyle, Token } from './token.ts';

/** A token that turns out to be a key when a `:` follows it on its line. */
interface PossibleKey {
  /** Its place among the tokens: `key` goes before it. */
  readonly index: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
  readonly flowLevel: number;
  /** Stands where nothing but a key may stand. */
  readonly isRequired: boolean;
}

/**
 * Cuts a YAML stream into tokens, with the start and end of blocks found from the indentation.
 *
 * @throws YamlProblem, TooDeep, TooManyValues
 */
export function scanTokens(text: string): readonly Token[] {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #cursor: Cursor;
  readonly #tokens: Token[] = [];
  /** Columns of the open blocks, outermost first. */
  readonly #indents: number[] = [];
  #indent = -1;
  #flowLevel = 0;
  /** Keys that were possible when a flow collection began inside them. */
  readonly #outerKeys: PossibleKey[] = [];
  #key: PossibleKey | undefined;
  #keyMayStart = true;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  scan(): readonly Token[] {
    while (this.#scanToken());
    return this.#tokens;
  }

  /** Adds the next token, or tokens; false after the last. */
  #scanToken(): boolean {
    this.#skipToToken();
    const cursor = this.#cursor;
    if (this.#tokens.length > limits.tokens) throw new TooManyValues(cursor.at);
    this.#closeBlocks(cursor.column);
    if (cursor.isAtEnd) return this.#endStream();
    if (cursor.column === 0 && cursor.peek() === code.percent) this.#directive();
    else if (cursor.isAtDocumentMark) this.#documentMark();
    else this.#content(cursor.peek());
    return true;
  }

  #content(character: number): void {
    const cursor = this.#cursor;
    const isFollowedByBlank = isBlankOrEnd(cursor.peek(1));
    if (character === code.openBracket) this.#openFlow('[');
    else if (character === code.openBrace) this.#openFlow('{');
    else if (character === code.closeBracket) this.#closeFlow(']');
    else if (character === code.closeBrace) this.#closeFlow('}');
    else if (character === code.comma) this.#flowComma();
    else if (character === code.dash && isFollowedByBlank) this.#entry();
    else if (character === code.question && isFollowedByBlank) this.#explicitKey();
    else if (character === code.colon && (isFollowedByBlank || this.#isFlowMappingValue())) this.#value();
    else if (character === code.star) this.#node(() => scanAnchor(cursor, 'alias'));
    else if (character === code.ampersand) this.#node(() => scanAnchor(cursor, 'anchor'));
    else if (character === code.bang) this.#node(() => scanTag(cursor));
    else if ((character === code.bar || character === code.greater) && this.#flowLevel === 0) this.#blockScalar();
    else if (character === code.apostrophe) this.#scalar('single', () => scanSingleQuoted(cursor));
    else if (character === code.quote) this.#scalar('double', () => scanDoubleQuoted(cursor));
    else this.#plain(character);
  }

  // --- collections of the flow style

  #openFlow(kind: '[' | '{'): void {
    this.#rememberKey();
    this.#flowLevel++;
    if (this.#flowLevel > limits.depth) throw new TooDeep(this.#cursor.at);
    if (this.#key !== undefined) this.#outerKeys.push(this.#key);
    this.#key = undefined;
    this.#keyMayStart = true;
    this.#mark(kind, 1);
  }

  #closeFlow(kind: ']' | '}'): void {
    this.#forgetKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      if (this.#outerKeys.at(-1)?.flowLevel === this.#flowLevel) this.#key = this.#outerKeys.pop();
    }
    this.#keyMayStart = false;
    this.#mark(kind, 1);
  }

  #flowComma(): void {
    this.#forgetKey();
    this.#keyMayStart = true;
    this.#mark(',', 1);
  }

  /** In `{…}` a colon needs no blank after it, unless it begins an item. */
  #isFlowMappingValue(): boolean {
    const before = this.#tokens.at(-1)?.kind;
    return this.#flowLevel > 0 && before !== ',' && before !== '[';
  }

  // --- collections of the block style

  #entry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#keyMayStart) throw new YamlProblem('item-here', this.#cursor.at);
      this.#openBlock('sequence-start', this.#cursor.column, this.#tokens.length, this.#cursor.at);
    }
    this.#forgetKey();
    this.#keyMayStart = true;
    this.#mark('entry', 1);
  }

  #explicitKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#keyMayStart) throw new YamlProblem('key-here', this.#cursor.at);
      this.#openBlock('mapping-start', this.#cursor.column, this.#tokens.length, this.#cursor.at);
    }
    this.#forgetKey();
    this.#keyMayStart = this.#flowLevel === 0;
    this.#mark('key', 1);
  }

  #value(): void {
    const cursor = this.#cursor;
    const key = this.#key;
    if (key !== undefined && key.line === cursor.line) {
      this.#tokens.splice(key.index, 0, { kind: 'key', at: key.at });
      this.#openBlock('mapping-start', key.column, key.index, key.at);
      this.#key = undefined;
      this.#keyMayStart = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyMayStart) throw new YamlProblem('value-here', cursor.at);
        this.#openBlock('mapping-start', cursor.column, this.#tokens.length, cursor.at);
      }
      this.#keyMayStart = this.#flowLevel === 0;
    }
    this.#mark('value', 1);
  }

  /** Opens a block when the column lies further in than the block around it. */
  #openBlock(kind: Mark, column: number, index: number, at: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > limits.depth) throw new TooDeep(at);
    const token = { kind, at } as Token;
    if (index === this.#tokens.length) this.#tokens.push(token);
    else this.#tokens.splice(index, 0, token);
  }

  /** Closes the blocks that lie further in than `column`; inside brackets indentation says nothing. */
  #closeBlocks(column: number): void {
    while (this.#flowLevel === 0 && this.#indent > column) {
      this.#tokens.push({ kind: 'block-end', at: this.#cursor.at });
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  // --- scalars and what stands before a node

  #node(scan: () => Token): void {
    this.#rememberKey();
    this.#keyMayStart = false;
    this.#tokens.push(scan());
  }

  #scalar(style: ScalarStyle, scan: () => string): void {
    const at = this.#cursor.at;
    this.#rememberKey();
    this.#keyMayStart = false;
    this.#tokens.push({ kind: 'scalar', at, value: scan(), style });
  }

  #blockScalar(): void {
    const at = this.#cursor.at;
    this.#forgetKey();
    this.#keyMayStart = true;
    const value = scanBlockScalar(this.#cursor, this.#indent);
    this.#tokens.push({ kind: 'scalar', at, value, style: 'block' });
  }

  #plain(character: number): void {
    const at = this.#cursor.at;
    if (!canStartPlain(character, this.#cursor.peek(1))) {
      const problem = character === code.tab ? 'tab' : 'no-value';
      throw new YamlProblem(problem, at, String.fromCharCode(character));
    }
    this.#rememberKey();
    this.#keyMayStart = false;
    const { value, passedBreak } = scanPlain(this.#cursor, { isFlow: this.#flowLevel > 0, indent: this.#indent + 1 });
    this.#tokens.push({ kind: 'scalar', at, value, style: 'plain' });
    if (passedBreak) this.#keyMayStart = true;
  }

  // --- documents

  #directive(): void {
    this.#closeBlocks(-1);
    this.#forgetKey();
    this.#keyMayStart = false;
    this.#tokens.push(scanDirective(this.#cursor));
  }

  #documentMark(): void {
    this.#closeBlocks(-1);
    this.#forgetKey();
    this.#keyMayStart = false;
    this.#mark(this.#cursor.peek() === code.dash ? 'document-start' : 'document-end', 3);
  }

  #endStream(): boolean {
    this.#closeBlocks(-1);
    this.#forgetKey();
    this.#mark('stream-end', 0);
    return false;
  }

  // --- keys

  /** Notes that what begins here may be a key. */
  #rememberKey(): void {
    if (!this.#keyMayStart) return;
    this.#forgetKey();
    const { at, line, column } = this.#cursor;
    const isRequired = this.#flowLevel === 0 && this.#indent === column;
    this.#key = { index: this.#tokens.length, at, line, column, flowLevel: this.#flowLevel, isRequired };
  }

  /** What could have been a key is none; where a key is required that is an error. */
  #forgetKey(): void {
    if (this.#key?.isRequired === true) throw new YamlProblem('no-colon', this.#key.at);
    this.#key = undefined;
  }

  // --- moving

  #mark(kind: Mark, length: number): void {
    this.#tokens.push({ kind, at: this.#cursor.at });
    this.#cursor.at += length;
  }

  /** Moves over blanks, comments and line breaks. Tabs do not count where indentation does. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      const tabsToo = this.#flowLevel > 0 || !this.#keyMayStart;
      for (;;) {
        const character = cursor.peek();
        if (character !== code.space && !(tabsToo && character === code.tab)) break;
        cursor.at++;
      }
      if (cursor.peek() === code.hash) cursor.skipToLineEnd();
      if (!isBreak(cursor.peek())) return;
      cursor.skipLine();
      if (this.#flowLevel === 0) this.#keyMayStart = true;
    }
  }
}

const neverFirst = new Set([...`-?:,[]{}#&*!|>'"%@\`\t`].map((character) => character.charCodeAt(0)));

/** May an unquoted scalar begin with this character? Some may when no blank follows. */
function canStartPlain(character: number, next: number): boolean {
  if (!neverFirst.has(character)) return true;
  if (character === code.dash) return !isBlankOrEnd(next);
  return (character === code.question || character === code.colon) && !isBlankOrEnd(next);
}
