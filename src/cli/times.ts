import { parseDuration } from '#core/duration.ts';
import { fail } from '#core/errors.ts';
import type { Context } from './command.ts';

/** A duration that an option gives, in milliseconds. @throws CLI_FLAG_DURATION */
export function durationOf({ args }: Context, option: string): number | undefined {
  const value = args.text(option);
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined || ms < 0) throw fail('CLI_FLAG_DURATION', { option: `--${option}`, value });
  return ms;
}

/** A moment that an option gives, in milliseconds since the epoch; a duration counts back from now. @throws CLI_FLAG_SINCE */
export function momentOf({ args }: Context, option: string): string | undefined {
  const value = args.text(option);
  if (value === undefined) return undefined;
  const ago = parseDuration(value);
  const moment = ago === undefined ? Date.parse(value) : Date.now() - ago;
  if (Number.isNaN(moment)) throw fail('CLI_FLAG_SINCE', { option: `--${option}`, value });
  return String(Math.max(0, Math.round(moment)));
}
