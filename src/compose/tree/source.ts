import type { Location } from '#core/location.ts';

/** One text that was read, able to say on which line an offset stands. Line starts are found on first use. */
export class SourceText {
  /** The name shown to people: relative to where they typed, when that is shorter. */
  readonly name: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Line and column (from 1) of the character at `offset`. */
  position(offset: number): { readonly line: number; readonly column: number } {
    this.#lineStarts ??= findLineStarts(this.text);
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }
}

/** A place in a source: cheap to make for every node; lines are counted only for the few that are shown. */
export interface Mark {
  readonly source: SourceText;
  readonly offset: number;
}

/** The place of `mark` for people, with the path of what stands there. */
export function locationOf(mark: Mark, path?: readonly (string | number)[]): Location {
  const { line, column } = mark.source.position(mark.offset);
  const at = { file: mark.source.name, line, column };
  return path === undefined || path.length === 0 ? at : { ...at, path: path.join('.') };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
