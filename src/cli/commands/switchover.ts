import { chooseProject } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags, deploymentFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { runDeployment } from '../run-deployment.ts';

export const switchover = command({
  usage: '[DIR]',
  about: {
    en: `Moves all traffic to the release that blue-green keeps warm, and keeps the one that served warm in its place. Typing
it again goes back.`,
    es: `Lleva todo el tráfico a la versión que blue-green mantiene lista, y deja en reserva la que atendía. Repetirlo vuelve
atrás.`,
  },
  flags: { ...composeFlags, ...deploymentFlags },
  examples: ['timonel switchover', 'timonel switchover -p tramites'],
  async run(context) {
    const [place] = atMost(1, context, 'switchover', this.usage);
    return runDeployment(context, { kind: 'switchover', project: await chooseProject(context, place) });
  },
});
