/** Codes of the characters that YAML gives a meaning. */
export const code = {
  tab: 9,
  lineFeed: 10,
  return: 13,
  space: 32,
  bang: 33,
  quote: 34,
  hash: 35,
  percent: 37,
  ampersand: 38,
  apostrophe: 39,
  star: 42,
  plus: 43,
  comma: 44,
  dash: 45,
  dot: 46,
  zero: 48,
  nine: 57,
  colon: 58,
  less: 60,
  greater: 62,
  question: 63,
  at: 64,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  backtick: 96,
  openBrace: 123,
  bar: 124,
  closeBrace: 125,
} as const;

/** A place in a text that moves forward and knows its line and column (from 0). */
export class Cursor {
  readonly text: string;
  at = 0;
  line = 0;
  lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The code of the character `ahead` of the cursor; 0 past the end. */
  peek(ahead = 0): number {
    const index = this.at + ahead;
    return index < this.text.length ? this.text.charCodeAt(index) : 0;
  }

  get column(): number {
    return this.at - this.lineStart;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Moves over one line break; CR LF is one. */
  skipLine(): void {
    this.at += this.peek() === code.return && this.peek(1) === code.lineFeed ? 2 : 1;
    this.line++;
    this.lineStart = this.at;
  }

  /** Moves over a line break and returns what it counts for in a value. */
  readLine(): string {
    const character = this.peek();
    this.skipLine();
    return character === 0x2028 || character === 0x2029 ? String.fromCharCode(character) : '\n';
  }

  /** Moves to the end of the line. */
  skipToLineEnd(): void {
    while (!isBreakOrEnd(this.peek())) this.at++;
  }

  /** Does a line with `---` or `...` begin here? */
  get isAtDocumentMark(): boolean {
    if (this.at !== this.lineStart) return false;
    const first = this.peek();
    if ((first !== code.dash && first !== code.dot) || this.peek(1) !== first || this.peek(2) !== first) return false;
    return isBlankOrEnd(this.peek(3));
  }
}

export function isBlank(character: number): boolean {
  return character === code.space || character === code.tab;
}

export function isBreak(character: number): boolean {
  if (character <= code.return) return character === code.lineFeed || character === code.return;
  return character === 0x85 || character === 0x2028 || character === 0x2029;
}

export function isBreakOrEnd(character: number): boolean {
  return character === 0 || isBreak(character);
}

/** A blank, a line break, or nothing: what ends most things. */
export function isBlankOrEnd(character: number): boolean {
  return isBlank(character) || isBreakOrEnd(character);
}

/** `,`, `[`, `]`, `{` or `}` */
export function isFlowMark(character: number): boolean {
  return (
    character === code.comma ||
    character === code.openBracket ||
    character === code.closeBracket ||
    character === code.openBrace ||
    character === code.closeBrace
  );
}
