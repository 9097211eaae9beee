import { GivesUp } from './quick-nodes.ts';
import { dash, hash, newline, rest, space } from './quick-patterns.ts';

/** Where the quick reader stands in its text. */
export class Cursor {
  readonly text: string;
  /** Inside a line, or at the first character of the next line with content. */
  at = 0;
  /** Spaces before that character; -1 at the end. */
  indent = 0;

  constructor(text: string) {
    // A last line without its end is a line, too.
    this.text = text.endsWith('\n') ? text : `${text}\n`;
  }

  /** Goes to the next line with content; `#at` stands at a line's start. */
  nextLine(): void {
    const text = this.text;
    let at = this.at;
    for (;;) {
      const start = at;
      while (text.charCodeAt(at) === space) at++;
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) {
        this.at = at;
        this.indent = -1;
        return;
      }
      if (code === newline) at++;
      else if (code === hash) at = text.indexOf('\n', at) + 1;
      else {
        this.at = at;
        this.indent = at - start;
        return;
      }
    }
  }

  /** Nothing but a comment may follow on the line. */
  endOfLine(): void {
    this.take(rest);
    this.nextLine();
  }

  take(pattern: RegExp): RegExpExecArray {
    const match = this.look(pattern);
    if (match === null) throw new GivesUp();
    this.at = pattern.lastIndex;
    return match;
  }

  look(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  isItem(): boolean {
    const next = this.text.charCodeAt(this.at + 1);
    return this.text.charCodeAt(this.at) === dash && (next === space || next === newline);
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === space) this.at++;
  }
}
