import type { Context } from './command.ts';
import { numberOf } from './number-of.ts';
import { momentOf } from './times.ts';

/** The services, what `lineFlags` ask for, and what the command itself does, as the daemon reads it from a URL. */
export function lineQuery(
  context: Context,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const { args } = context;
  const { positionals: services } = args;
  const tail = args.text('tail');
  const wanted = {
    ...own,
    service: services.length === 0 ? undefined : services.join(','),
    tail: tail === 'all' ? undefined : numberOf('--tail', tail, 0),
    since: momentOf(context, 'since'),
    follow: args.is('follow') ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
