import type { PauseEnded } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { servicesOrPlace, steerOr } from '../pausing.ts';
import { whoAsks } from '../run-deployment.ts';
import { steerCanary, tellSteered } from '../steer-canary.ts';

export const resume = command({
  usage: '[DIR | SERVICE ...]',
  about: {
    en: `Lets requests to the named services go on that timonel pause lets wait. Without a service it lets the clock of a paused
canary run again; where no canary is under way, the requests to all paused services go on.`,
    es: `Deja seguir las peticiones a los servicios indicados que timonel pause hace esperar. Sin servicio pone de nuevo en
marcha el reloj de un canario en pausa; si no hay ninguno, siguen las peticiones a todos los servicios en pausa.`,
  },
  flags: { ...composeFlags },
  examples: ['timonel resume web', 'timonel resume', 'timonel resume -p documentos'],
  async run(context) {
    const { services, place } = servicesOrPlace(context);
    if (services.length > 0) return letGo(context, services, place);
    return steerOr(
      async () => {
        const steered = await steerCanary(context, 'resume', place);
        tellSteered(context, steered, () => context.notice('CANARY_RESUMED', { project: steered.project }));
      },
      () => letGo(context, services, place),
    );
  },
});

async function letGo(context: Context, services: readonly string[], place: string | undefined): Promise<number> {
  const project = await chooseProject(context, place);
  const ended = await context.daemon.call<PauseEnded>({
    method: 'POST',
    path: projectPath(project, 'resume'),
    body: { services, by: whoAsks() },
  });
  if (context.json) {
    context.terminal.out(`${JSON.stringify(ended)}\n`);
    return exitCodes.done;
  }
  for (const { service, since } of ended.resumed)
    context.notice('RESUMED', { service, forMs: Date.now() - Date.parse(since) });
  const resumed = new Set(ended.resumed.map((one) => one.service));
  for (const service of services) if (!resumed.has(service)) context.notice('RESUME_NOT_PAUSED', { service });
  return exitCodes.done;
}
