import { projectRequest } from '../client/project-request.ts';
import { command } from '../command.ts';
import { deploymentFlags, releaseFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { runDeployment } from '../run-deployment.ts';
import { cancelDeployment } from './cancel.ts';

export const deploy = command({
  usage: '[DIR | -f FILE]',
  about: {
    en: `Moves the project of a Compose file to a new release: checks everything, starts new instances, waits until they
are ready, moves the traffic, and keeps the old ones until the new have proven themselves. Without a change it does
nothing. The deployment is the daemon's: closing the terminal does not stop it.`,
    es: `Lleva el proyecto de un archivo Compose a una versión nueva: revisa todo, arranca instancias nuevas, espera a que
estén listas, mueve el tráfico y conserva las anteriores hasta que las nuevas han probado que funcionan. Sin cambios
no hace nada. El despliegue es del servicio timonel: cerrar el terminal no lo detiene.`,
  },
  flags: {
    ...releaseFlags,
    ...deploymentFlags,
    cancel: {
      kind: 'switch',
      text: { en: 'stop the deployment under way and undo it', es: 'detiene el despliegue en marcha y lo deshace' },
    },
    'dry-run': { kind: 'switch', text: { en: 'only show the plan', es: 'solo muestra el plan' } },
    'create-networks': {
      kind: 'switch',
      text: { en: 'make external networks that are missing', es: 'crea las redes externas que falten' },
    },
    'no-install': {
      kind: 'switch',
      text: { en: 'install no system packages', es: 'no instala paquetes del sistema' },
    },
    detach: {
      kind: 'switch',
      short: 'd',
      text: { en: 'as always: it is the daemon that runs it', es: 'como siempre: lo ejecuta el servicio timonel' },
    },
    build: {
      kind: 'switch',
      text: { en: 'as always: what changed is built', es: 'como siempre: se construye lo que cambió' },
    },
    'remove-orphans': {
      kind: 'switch',
      text: {
        en: 'as always: services that left the file go',
        es: 'como siempre: se van los servicios que ya no están en el archivo',
      },
    },
  },
  examples: [
    'timonel deploy',
    'timonel deploy systems/documentos',
    'timonel deploy -f compose.yaml -f production.yaml --wait 5m',
  ],
  async run(context) {
    const [place] = atMost(1, context, 'deploy', this.usage);
    if (context.args.is('cancel')) return cancelDeployment(context, place);
    const createNetworks = context.args.is('create-networks');
    const request = { ...projectRequest(context, place), ...(createNetworks ? { createNetworks } : {}) };
    if (context.args.is('dry-run')) {
      const { showPlan } = await import('./plan.ts');
      return showPlan(context, request);
    }
    const { installRequirements } = await import('../install-requirements.ts');
    await installRequirements(context, request);
    return runDeployment(context, { kind: 'deploy', request }, request.cwd);
  },
});
