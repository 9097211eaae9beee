import type { WireAdoption } from '#daemon/contract.ts';
import type { AdoptRequest } from '#engine/api.ts';
import { projectRequest } from '../client/project-request.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { renderColumns } from '../render/columns.ts';
import { renderFinding } from '../render/finding.ts';
import { labels } from '../render/labels.ts';
import { whoAsks } from '../run-deployment.ts';

export const adopt = command({
  usage: '[DIR | -f FILE]',
  about: {
    en: `Takes over the containers that Docker Compose started for a Compose file, without stopping one: they become the
instances of a release that records what really runs, and Timonel restarts, routes and replaces them from now on. Says
in what they differ from the file; the next deployment replaces those that do, and loses no request. New connections to
published ports pass Timonel's proxy at once; those that are open stay with Docker until they end.`,
    es: `Toma a su cargo los contenedores que Docker Compose inició para un archivo Compose, sin detener ninguno: pasan a ser
las instancias de una versión que registra lo que de verdad está en marcha, y desde ahora Timonel los reinicia, enruta y
reemplaza. Dice en qué difieren del archivo; el próximo despliegue reemplaza los que difieren, sin perder peticiones. Las
conexiones nuevas a los puertos publicados pasan enseguida por el proxy de Timonel; las abiertas siguen con Docker hasta
que terminen.`,
  },
  flags: {
    ...composeFlags,
    'dry-run': {
      kind: 'switch',
      text: { en: 'only say what would be taken over', es: 'solo dice qué tomaría a su cargo' },
    },
  },
  examples: ['timonel adopt --dry-run', 'timonel adopt', 'timonel adopt -f compose.yaml -p tienda'],
  async run(context) {
    const [place] = atMost(1, context, 'adopt', this.usage);
    const dryRun = context.args.is('dry-run');
    const request = projectRequest(context, place);
    const adopted = await context.daemon.call<WireAdoption>({
      method: 'POST',
      path: '/adoptions',
      body: { request, by: whoAsks(), dryRun } satisfies AdoptRequest,
      base: request.cwd,
    });
    show(context, adopted, request.cwd);
    return exitCodes.done;
  },
});

function show(context: Context, adopted: WireAdoption, base: string): void {
  const { terminal, json, notice, language } = context;
  if (json) {
    terminal.out(`${JSON.stringify(adopted)}\n`);
    return;
  }
  const head = (['instance', 'container', 'address'] as const).map((name) =>
    terminal.paint('dim', labels[name][language]),
  );
  const instances = adopted.services.flatMap((one) => one.instances);
  terminal.out(
    renderColumns([head, ...instances.map(({ id, container, address }) => [id, container, address ?? '-'])]),
  );
  for (const finding of adopted.findings) terminal.err(renderFinding(finding, { ...context, base }));
  const { project, release } = adopted;
  const containers = instances.length;
  if (release === undefined) notice('CLI_ADOPT_WOULD', { project, containers });
  else notice('CLI_ADOPTED', { project, release, containers });
}
