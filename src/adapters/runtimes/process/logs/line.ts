/*
 * One line of a service's log file, as JSON. `o` is where in the instance's output the line ended: the last one of each
 * stream tells, after a crash, where reading goes on. So a line is neither lost nor written twice.
 */
export interface StoredLine {
  /** Milliseconds since the epoch. */
  readonly t: number;
  /** Instance. */
  readonly i: string;
  /** Release. */
  readonly r: number;
  readonly s: StreamName;
  readonly o: number;
  /** The text, without its newline. */
  readonly m: string;
}

/** `o` standard output, `e` standard error. */
export type StreamName = 'o' | 'e';

/** Reads one stored line; undefined when it is torn. */
export function parseLine(text: string): StoredLine | undefined {
  try {
    const value = JSON.parse(text) as Partial<StoredLine> | null;
    const whole = typeof value?.t === 'number' && typeof value.i === 'string' && typeof value.m === 'string';
    return whole ? (value as StoredLine) : undefined;
  } catch {
    return undefined;
  }
}
