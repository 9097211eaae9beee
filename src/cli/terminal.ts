import { styleText } from 'node:util';

export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Where the user reads and answers. */
export interface Terminal {
  /** Standard output: results. */
  out(text: string): void;
  /** Standard error: warnings, errors and what is going on. */
  err(text: string): void;
  /** Paints `text`, or leaves it as it is where colours are not wanted. */
  paint(style: Style, text: string): string;
  /** Can lines be drawn over again: a terminal, and no CI log. */
  readonly live: boolean;
  /** Is there someone to answer a question? */
  readonly interactive: boolean;
  columns(): number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The same terminal with no paint at hand. */
export function withoutColour(terminal: Terminal): Terminal {
  return { ...terminal, paint: (_style, text) => text };
}

/** The terminal of this process. `NO_COLOR`, `FORCE_COLOR`, `TERM=dumb` and `CI` are respected. */
export function processTerminal(env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  const tty = stdout.isTTY === true && env.TERM !== 'dumb';
  const coloured = env.NO_COLOR ? false : env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : tty;
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    paint: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
    live: tty && !env.CI,
    interactive: stdin.isTTY === true && tty,
    // A terminal of no known width says 0.
    columns: () => stdout.columns || 80,
  };
}
