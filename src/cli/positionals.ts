import { fail } from '#core/errors.ts';
import type { Context } from './command.ts';

/** The arguments, when they are no more than `most`; otherwise throws, showing the command's usage. */
export function atMost(most: number, { args }: Context, command: string, usage: string): readonly string[] {
  const { positionals } = args;
  if (positionals.length > most) throw fail('CLI_ARGUMENTS', { command, usage, given: positionals.join(' ') });
  return positionals;
}
