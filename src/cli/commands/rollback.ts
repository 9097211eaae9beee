import { fail } from '#core/errors.ts';
import { chooseProject } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags, deploymentFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { runDeployment } from '../run-deployment.ts';

export const rollback = command({
  usage: '[RELEASE]',
  about: {
    en: `Goes back to the previous release, or to RELEASE, whole: code, environment, secrets, routes and instance counts. It
is a deployment like any other, with the same checks and the same care for requests.`,
    es: `Vuelve a la versión anterior, o a RELEASE, completa: código, variables, secretos, rutas y cantidad de instancias. Es
un despliegue como cualquier otro, con las mismas revisiones y el mismo cuidado de las peticiones.`,
  },
  flags: { ...composeFlags, ...deploymentFlags },
  examples: ['timonel rollback', 'timonel rollback 7 -p documentos'],
  async run(context) {
    const [wanted] = atMost(1, context, 'rollback', this.usage);
    const release = wanted === undefined ? undefined : releaseNumber(wanted);
    const project = await chooseProject(context);
    return runDeployment(context, { kind: 'rollback', project, ...(release === undefined ? {} : { release }) });
  },
});

function releaseNumber(text: string): number {
  const release = Number(text);
  if (!/^\d+$/.test(text) || release < 1) throw fail('CLI_RELEASE_FORM', { given: text });
  return release;
}
