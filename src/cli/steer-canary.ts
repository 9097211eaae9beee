import type { CanarySteered } from '#daemon/contract.ts';
import type { SteeringOrder } from '#model/journal.ts';
import { chooseProject, projectPath } from './client/choose-project.ts';
import type { Context } from './command.ts';
import { whoAsks } from './run-deployment.ts';

/** Gives an order about the canary of the project that `place` means. */
export async function steerCanary(
  context: Context,
  order: SteeringOrder,
  place: string | undefined,
): Promise<CanarySteered> {
  const project = await chooseProject(context, place);
  return context.daemon.call<CanarySteered>({
    method: 'POST',
    path: projectPath(project, 'canary'),
    body: { order, by: whoAsks() },
  });
}

/** The answer as JSON where programs read it; else `say` tells it to people. */
export function tellSteered(context: Context, steered: CanarySteered, say: () => void): void {
  if (context.json) context.terminal.out(`${JSON.stringify(steered)}\n`);
  else say();
}
