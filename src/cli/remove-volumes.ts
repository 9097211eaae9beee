import { fail } from '#core/errors.ts';
import type { Context } from './command.ts';
import type { Flags } from './flags.ts';

/** The flag that answers, in advance, whether data may be deleted. */
export const dataFlags = {
  'yes-delete-data': {
    kind: 'switch',
    text: { en: 'really delete the data in the volumes', es: 'borra de verdad los datos de los volúmenes' },
  },
} as const satisfies Flags;

/** @throws CLI_NEEDS_DATA_YES naming the volumes, unless `--yes-delete-data` was given */
export function demandDataYes(context: Context, names: readonly string[]): void {
  if (names.length > 0 && !context.args.is('yes-delete-data' as never)) throw fail('CLI_NEEDS_DATA_YES', { names });
}

/** Deletes volumes and their data, once `--yes-delete-data` says that it is meant. */
export async function removeVolumes(context: Context, names: readonly string[]): Promise<void> {
  demandDataYes(context, names);
  for (const name of names) {
    await context.daemon.call({ method: 'POST', path: `/volumes/${encodeURIComponent(name)}/remove` });
    if (context.json) context.terminal.out(`${JSON.stringify({ event: 'volume-removed', name })}\n`);
    else context.notice('CLI_VOLUME_REMOVED', { name });
  }
}
