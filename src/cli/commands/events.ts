import type { WireProjectEvent } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { followLines } from '../client/follow-lines.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { lineFlags } from '../flags.ts';
import { lineQuery } from '../line-query.ts';
import { eventRenderer } from '../render/event-line.ts';
import { momentOf } from '../times.ts';

export const events = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Shows what happened to a project, in order of time: deployments and who made them, verdicts on canaries, pauses,
instances that died or were unhealthy and came back, circuit breakers that opened and closed, certificates, the proxy.
With --json one object a line: {time, project, service, event, text, ...}. The last 5000 of 30 days are kept.`,
    es: `Muestra lo que le pasó a un proyecto, en orden: despliegues y quién los hizo, veredictos sobre canarios, pausas,
instancias que murieron o no estaban sanas y volvieron, interruptores que se abrieron y cerraron, certificados, el proxy.
Con --json, un objeto por línea: {time, project, service, event, text, ...}. Se guardan los últimos 5000 de 30 días.`,
  },
  flags: {
    ...lineFlags,
    until: {
      kind: 'value',
      value: 'WHEN',
      text: { en: 'only until: 10m (ago), 2026-11-22T10:00:00', es: 'solo hasta: 10m (atrás), 2026-11-22T10:00:00' },
    },
  },
  examples: ['timonel events', 'timonel events web -f', 'timonel events --since 24h --json'],
  async run(context) {
    const { daemon, json, terminal } = context;
    const project = await chooseProject(context);
    const query = lineQuery(context, { until: momentOf(context, 'until') });
    const render = json ? (line: WireProjectEvent) => JSON.stringify(line) : eventRenderer(terminal);
    const lines = followLines<WireProjectEvent>({ daemon, path: projectPath(project, 'events'), query });
    for await (const line of lines) terminal.out(`${render(line)}\n`);
    return exitCodes.done;
  },
});
