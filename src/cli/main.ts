import { parseArgs } from 'node:util';
import { fail } from '#core/errors.ts';
import type { Language } from '#core/messages/message.ts';
import { said } from '#core/messages/say.ts';
import { nearest } from '#core/nearest.ts';
import { homeOf } from '#daemon/home.ts';
import { readerLanguage } from '#daemon/reader-language.ts';
import { readVersion } from '#daemon/version.ts';
import { parseArguments, parseOptions, splitWords } from './arguments.ts';
import { createDaemonClient, type Notice } from './client/daemon.ts';
import type { Command, Context } from './command.ts';
import { aliases, type CommandName, commands, isCommandName } from './commands/index.ts';
import { exitCodes } from './exit-codes.ts';
import { commonFlags, composeFlags } from './flags.ts';
import { reportFailure } from './render/failure.ts';
import { renderCommandHelp, renderHelp } from './render/help.ts';
import { renderSaid } from './render/said.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Runs one command line. Returns the exit code; never throws and never ends the process. */
export async function main(argv: readonly string[]): Promise<number> {
  const { env } = process;
  const terminal = processTerminal(env);
  const { name, rest } = splitCommand(argv);
  const language = languageOf(argv, env);
  const json = rest.slice(0, endOfOptions(rest)).includes('--json');
  leaveQuietlyWhenNobodyReads();
  try {
    if (name === undefined) return helpOrVersion(rest, { terminal, language });
    return await runCommand(knownCommand(name), rest, { terminal, language, env, json });
  } catch (error) {
    return reportFailure(error, { terminal, language, json, cwd: process.cwd(), debug: Boolean(env.TIMONEL_DEBUG) });
  }
}

/** Where a `--` stands, or the end: what follows is for somebody else. */
function endOfOptions(argv: readonly string[]): number {
  const index = argv.indexOf('--');
  return index < 0 ? argv.length : index;
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
}

async function runCommand(name: CommandName, rest: readonly string[], around: Surroundings): Promise<number> {
  const command: Command = await commands[name].load();
  const flags = { ...commonFlags, ...command.flags };
  const { own, words } = command.wordsFollow === true ? splitWords(rest, flags) : { own: rest, words: [] };
  const wantsHelp = own.includes('--help') || own.includes('-h');
  if (wantsHelp) {
    around.terminal.out(renderCommandHelp({ name, command, flags, ...around }));
    return exitCodes.done;
  }
  const given = parseArguments(own, flags, name);
  const args = { ...given, positionals: [...given.positionals, ...words] };
  const home = homeOf(around.env);
  const daemon = createDaemonClient({ home, env: around.env, language: around.language, notice: noticeTo(around) });
  const json = own.includes('--json');
  const context: Context = { ...around, json, args, cwd: process.cwd(), daemon, notice: noticeTo(around) };
  return await command.run(context);
}

/** Options may stand before the command: `timonel -p web status`. */
function splitCommand(argv: readonly string[]): {
  readonly name: string | undefined;
  readonly rest: readonly string[];
} {
  const options = parseOptions({ ...commonFlags, ...composeFlags });
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true });
  const first = tokens.find((token) => token.kind === 'positional');
  if (first === undefined) return { name: undefined, rest: argv };
  return { name: first.value, rest: argv.toSpliced(first.index, 1) };
}

function knownCommand(typed: string): CommandName {
  const name = aliases[typed] ?? typed;
  if (isCommandName(name)) return name;
  throw fail('CLI_UNKNOWN_COMMAND', { command: typed, nearest: nearest(typed, Object.keys(commands)) });
}

function helpOrVersion(
  rest: readonly string[],
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): number {
  if (rest.includes('--version') || rest.includes('-V')) {
    terminal.out(`${readVersion()}\n`);
    return exitCodes.done;
  }
  parseArguments(rest, { ...commonFlags }, 'help');
  terminal.out(renderHelp({ terminal, language }));
  return exitCodes.done;
}

/** Looked for by hand, because a wrong command line should already be told in the right language. */
function languageOf(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const index = argv.indexOf('--lang');
  const wanted = index >= 0 ? argv[index + 1] : argv.find((one) => one.startsWith('--lang='))?.slice('--lang='.length);
  return wanted === 'en' || wanted === 'es' ? wanted : readerLanguage(env);
}

function noticeTo({ terminal, language }: Surroundings): Notice {
  return (code, facts) => terminal.err(renderSaid(said(code, facts), { terminal, language }));
}

/** `timonel logs | head` ends when head does. */
function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
}
