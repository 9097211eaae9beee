import { chooseProject } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags, deploymentFlags } from '../flags.ts';
import { runDeployment } from '../run-deployment.ts';

export const stop = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Stops the named services, or the whole project, after their requests have ended. Volumes, releases and logs stay;
timonel start brings back what ran.`,
    es: `Detiene los servicios indicados, o todo el proyecto, cuando sus peticiones han terminado. Se conservan volúmenes,
versiones y registros; timonel start vuelve a levantar lo que había.`,
  },
  flags: { ...composeFlags, ...deploymentFlags },
  examples: ['timonel stop', 'timonel stop worker'],
  async run(context) {
    const project = await chooseProject(context);
    const services = context.args.positionals;
    if (services.length === 0) return runDeployment(context, { kind: 'down', project });
    const replicas = Object.fromEntries(services.map((service) => [service, 0]));
    return runDeployment(context, { kind: 'scale', project, replicas });
  },
});
