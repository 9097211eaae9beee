import type { WireStatus } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { renderStatus } from '../render/status.ts';

export const status = command({
  usage: '[DIR]',
  about: {
    en: `Shows what runs of a project, since when, where it answers, and how the last deployment ended. Exit code 0 only when
everything that should run is healthy.`,
    es: `Muestra qué se ejecuta de un proyecto, desde cuándo, dónde responde y cómo terminó el último despliegue. Código de
salida 0 solo si todo lo que debe ejecutarse está sano.`,
  },
  flags: { ...composeFlags },
  examples: ['timonel status', 'timonel status -p documentos --json'],
  async run(context) {
    const [place] = atMost(1, context, 'status', this.usage);
    const project = await chooseProject(context, place);
    const answer = await context.daemon.call<WireStatus>({ method: 'GET', path: projectPath(project, 'status') });
    context.terminal.out(context.json ? `${JSON.stringify(answer)}\n` : renderStatus(answer, context));
    return answer.state === 'healthy' || isAllHealthy(answer) ? exitCodes.done : exitCodes.failed;
  },
});

/** During a deployment everything desired may well be healthy. */
function isAllHealthy({ state, services }: WireStatus): boolean {
  return state === 'deploying' && services.length > 0 && services.every((one) => one.healthy >= one.desired);
}
