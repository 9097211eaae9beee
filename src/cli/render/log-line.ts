import { stripVTControlCharacters } from 'node:util';
import type { WireLogLine } from '#daemon/contract.ts';
import type { Style, Terminal } from '../terminal.ts';
import { localTime } from './status.ts';

const hues: readonly Style[] = ['cyan', 'green', 'yellow', 'bold'];

/** Log lines for people: when, which instance (each in its colour), what it wrote. */
export function logRenderer(terminal: Terminal): (line: WireLogLine) => string {
  const styles = new Map<string, Style>();
  const styleOf = (instance: string): Style => {
    const known = styles.get(instance) ?? hues[styles.size % hues.length] ?? 'cyan';
    styles.set(instance, known);
    return known;
  };
  return (line) => {
    const who = terminal.paint(styleOf(line.instance), line.instance);
    return `${terminal.paint('dim', localTime(line.time))} ${who} | ${lineText(line, terminal)}`;
  };
}

/** What an instance writes must not steer the reader's terminal. */
export function lineText({ text }: WireLogLine, { live }: Terminal): string {
  return live ? stripVTControlCharacters(text) : text;
}
