import type { Language } from '#core/messages/message.ts';
import type { Arguments } from './arguments.ts';
import type { DaemonClient, Notice } from './client/daemon.ts';
import type { Flags } from './flags.ts';
import type { Pair } from './pair.ts';
import type { Terminal } from './terminal.ts';

/** One command: its help, its options and what it does. One file each in commands/. */
export interface Command<F extends Flags = Flags> {
  /** The arguments after the command's name, as the help shows them: `[DIR]`. */
  readonly usage: string;
  /** What it does, for its `--help`; a paragraph. */
  readonly about: Pair;
  /** Options beside the common ones. */
  readonly flags: F;
  /** Options end at the first argument: what follows belongs to the command that is run inside. */
  readonly wordsFollow?: boolean;
  /** Lines worth copying. */
  readonly examples: readonly string[];
  /** @returns the exit code */
  run(context: Context<F>): Promise<number>;
}

/** All that a command may use of its surroundings. */
export interface Context<F extends Flags = Flags> {
  readonly args: Arguments<F>;
  readonly language: Language;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly terminal: Terminal;
  /** JSON for programs and nothing else on standard output. */
  readonly json: boolean;
  readonly daemon: DaemonClient;
  /** Tells something on standard error, in the reader's language. */
  readonly notice: Notice;
}

/** Declares a command with its flags' names known to the compiler. */
export function command<const F extends Flags>(definition: Command<F>): Command {
  return definition;
}
