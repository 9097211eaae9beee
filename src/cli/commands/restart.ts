import { chooseProject } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags, deploymentFlags } from '../flags.ts';
import { runDeployment } from '../run-deployment.ts';

export const restart = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Replaces the instances of the named services, or of all, by fresh ones of the same release, with the service's own
strategy: no request is lost.`,
    es: `Reemplaza las instancias de los servicios indicados, o de todos, por otras nuevas de la misma versión, con la
estrategia de cada servicio: no se pierde ninguna petición.`,
  },
  flags: { ...composeFlags, ...deploymentFlags },
  examples: ['timonel restart', 'timonel restart web worker'],
  async run(context) {
    const project = await chooseProject(context);
    return runDeployment(context, { kind: 'restart', project, services: context.args.positionals });
  },
});
