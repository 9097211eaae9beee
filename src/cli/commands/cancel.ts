import { chooseProject, projectPath } from '../client/choose-project.ts';
import { follow } from '../client/follow.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { showDeployment } from '../run-deployment.ts';

export const cancel = command({
  usage: '[DIR]',
  about: {
    en: `Stops the deployment that is under way and undoes what it changed, then says what was undone. Typing it twice
does no harm.`,
    es: `Detiene el despliegue que está en marcha y deshace lo que cambió; después dice qué se deshizo. Repetirlo no causa
daño.`,
  },
  flags: { ...composeFlags },
  examples: ['timonel cancel', 'timonel cancel -p documentos'],
  async run(context) {
    const [place] = atMost(1, context, 'cancel', this.usage);
    return cancelDeployment(context, place);
  },
});

/** Cancels the running deployment of the project that `place` means and shows its undoing. Returns the exit code. */
export async function cancelDeployment(context: Context, place: string | undefined): Promise<number> {
  const project = await chooseProject(context, place);
  const { id } = await context.daemon.call<{ readonly id?: string }>({
    method: 'POST',
    path: projectPath(project, 'cancel'),
  });
  if (id === undefined) {
    if (context.json) context.terminal.out(`${JSON.stringify({ event: 'end', state: 'cancelled', project })}\n`);
    else context.notice('CLI_NOTHING_TO_CANCEL', { project });
    return exitCodes.done;
  }
  if (!context.json) context.notice('CLI_CANCELLING', { id });
  return showUndoing(context, { id, project });
}

/** Shows how deployment `id` goes back. Returns the exit code: done once it is cancelled. */
export async function showUndoing(
  context: Context,
  { id, project }: { readonly id: string; readonly project: string },
): Promise<number> {
  const shown = await showDeployment({
    context,
    kind: 'deploy',
    accepted: { id, project, findings: [] },
    events: follow(context.daemon, id, context.notice),
  });
  return shown.state === 'cancelled' ? exitCodes.done : exitCodes.failed;
}
