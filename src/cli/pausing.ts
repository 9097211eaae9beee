import { join } from 'node:path';
import { DaemonRefusal } from './client/http.ts';
import { hasComposeFile } from './client/project-request.ts';
import type { Context } from './command.ts';

/**
 * What `pause` and `resume` were given: services, or the folder of a project whose canary is meant. A word is a folder
 * when it is written as one, or holds a Compose file where the current folder has none.
 */
export function servicesOrPlace({ args, cwd }: Context): {
  readonly services: readonly string[];
  readonly place: string | undefined;
} {
  const words = args.positionals;
  const [word = ''] = words;
  const isPlace =
    words.length === 1 &&
    (/[/\\]|^\.{1,2}$|\.ya?ml$/.test(word) || (!hasComposeFile(cwd) && hasComposeFile(join(cwd, word))));
  return isPlace ? { services: [], place: word } : { services: words, place: undefined };
}

/** `steer`, or `otherwise` when no canary is under way. */
export async function steerOr(steer: () => Promise<void>, otherwise: () => Promise<number>): Promise<number> {
  try {
    await steer();
    return 0;
  } catch (error) {
    if (!(error instanceof DaemonRefusal) || error.body.error.code !== 'CANARY_NONE') throw error;
    return otherwise();
  }
}
