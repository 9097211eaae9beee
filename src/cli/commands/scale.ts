import { fail } from '#core/errors.ts';
import { chooseProject } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags, deploymentFlags } from '../flags.ts';
import { runDeployment } from '../run-deployment.ts';

export const scale = command({
  usage: 'SERVICE=COUNT ...',
  about: {
    en: `Changes how many instances services have. New ones get traffic once they are ready; superfluous ones finish the
requests they have. The others are not touched.`,
    es: `Cambia cuántas instancias tienen los servicios. Las nuevas reciben tráfico cuando están listas; las que sobran
terminan las peticiones que tienen. Las demás no se tocan.`,
  },
  flags: { ...composeFlags, ...deploymentFlags },
  examples: ['timonel scale web=3', 'timonel scale web=3 worker=2 -p documentos'],
  async run(context) {
    const { positionals } = context.args;
    if (positionals.length === 0) throw fail('CLI_ARGUMENTS', { command: 'scale', usage: this.usage, given: '' });
    const replicas = Object.fromEntries(positionals.map(readPair));
    return runDeployment(context, { kind: 'scale', project: await chooseProject(context), replicas });
  },
});

function readPair(given: string): [string, number] {
  const match = /^([^=]+)=(\d+)$/.exec(given);
  if (match === null) throw fail('CLI_SCALE_FORM', { given });
  return [match[1] ?? '', Number(match[2])];
}
