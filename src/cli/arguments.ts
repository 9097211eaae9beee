import { parseArgs } from 'node:util';
import { fail } from '#core/errors.ts';
import { nearest } from '#core/nearest.ts';
import type { Flag, Flags } from './flags.ts';

/** What the user typed after the command, checked against the command's flags. */
export interface Arguments<F extends Flags> {
  readonly positionals: readonly string[];
  is(flag: keyof F & string): boolean;
  text(flag: keyof F & string): string | undefined;
  list(flag: keyof F & string): readonly string[];
}

/**
 * Reads `argv` by `flags`. An unknown option, a missing value and a value that is none of the choices throw, naming
 * the nearest option and the command whose `--help` lists them.
 */
export function parseArguments<F extends Flags>(argv: readonly string[], flags: F, command: string): Arguments<F> {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokensOf(argv, flags)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = flags[token.name];
    if (flag === undefined) throw unknownFlag(token.rawName, flags, command);
    values.set(token.name, [...(values.get(token.name) ?? []), readValue({ flag, token, command })]);
  }
  return {
    positionals,
    is: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
}

/**
 * Parts `exec -T web ls -l` after the first argument: `ls -l` is no business of ours, its options included. A `--`
 * between the two is dropped.
 */
export function splitWords(
  argv: readonly string[],
  flags: Flags,
): { readonly own: readonly string[]; readonly words: readonly string[] } {
  const first = tokensOf(argv, flags).find((token) => token.kind === 'positional');
  if (first === undefined) return { own: argv, words: [] };
  const words = argv.slice(first.index + 1);
  return { own: argv.slice(0, first.index + 1), words: words[0] === '--' ? words.slice(1) : words };
}

function tokensOf(argv: readonly string[], flags: Flags) {
  const options = parseOptions(flags);
  return parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true }).tokens;
}

/** The flags as node:util wants them. */
export function parseOptions(
  flags: Flags,
): Record<string, { type: 'boolean' | 'string'; short?: string; multiple: true }> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      {
        type: flag.kind === 'switch' ? ('boolean' as const) : ('string' as const),
        multiple: true as const,
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
}

interface Given {
  readonly flag: Flag;
  readonly token: {
    readonly rawName: string;
    readonly value?: string | undefined;
    readonly inlineValue?: boolean | undefined;
  };
  readonly command: string;
}

function readValue({ flag, token, command }: Given): string {
  const option = token.rawName;
  if (flag.kind === 'switch') {
    if (token.inlineValue === true) throw fail('CLI_FLAG_TAKES_NO_VALUE', { option, command });
    return '';
  }
  const { value } = token;
  const looksLikeOption = token.inlineValue !== true && value !== undefined && /^-./.test(value);
  if (value === undefined || looksLikeOption)
    throw fail('CLI_FLAG_NEEDS_VALUE', { option, value: flag.value, command });
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw fail('CLI_FLAG_CHOICE', { option, value, choices: flag.choices, command });
  }
  return value;
}

function unknownFlag(option: string, flags: Flags, command: string): Error {
  const close = option.startsWith('--') ? nearest(option.slice(2), Object.keys(flags)) : undefined;
  return fail('CLI_UNKNOWN_FLAG', { option, nearest: close === undefined ? undefined : `--${close}`, command });
}
