import type { ReleaseSummary } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { renderReleases } from '../render/releases.ts';

export const releases = command({
  usage: '[DIR]',
  about: {
    en: 'Lists the recorded releases, newest first, and marks the one that serves. Any of them can be gone back to.',
    es: 'Lista las versiones registradas, de la más nueva a la más antigua, y marca la que atiende. Se puede volver a cualquiera.',
  },
  flags: { ...composeFlags },
  examples: ['timonel releases', 'timonel releases --json'],
  async run(context) {
    const [place] = atMost(1, context, 'releases', this.usage);
    const project = await chooseProject(context, place);
    const path = projectPath(project, 'releases');
    const answer = await context.daemon.call<readonly ReleaseSummary[]>({ method: 'GET', path });
    context.terminal.out(context.json ? `${JSON.stringify(answer)}\n` : renderReleases(answer, context));
    return exitCodes.done;
  },
});
