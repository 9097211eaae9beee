import { fail } from '#core/errors.ts';
import type { ProjectSummary } from '#daemon/contract.ts';
import type { VolumeUse } from '#engine/api.ts';
import { projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { dataFlags, removeVolumes } from '../remove-volumes.ts';
import { renderColumns } from '../render/columns.ts';
import { labels } from '../render/labels.ts';

export const volume = command({
  usage: 'ls | rm NAME ...',
  about: {
    en: `ls lists the volumes of all projects. rm deletes volumes and their data for good; beside down -v it is the only
command that does, and only with --yes-delete-data.`,
    es: `ls lista los volúmenes de todos los proyectos. rm borra volúmenes y sus datos para siempre; aparte de down -v es el
único comando que lo hace, y solo con --yes-delete-data.`,
  },
  flags: { ...dataFlags },
  examples: ['timonel volume ls', 'timonel volume rm documentos_redis-data --yes-delete-data'],
  async run(context) {
    const [verb, ...names] = context.args.positionals;
    if (verb === 'ls' && names.length === 0) return list(context);
    if (verb !== 'rm' || names.length === 0) {
      throw fail('CLI_ARGUMENTS', { command: 'volume', usage: this.usage, given: context.args.positionals.join(' ') });
    }
    await removeVolumes(context, names);
    return exitCodes.done;
  },
});

async function list({ daemon, terminal, language, json }: Context): Promise<number> {
  const projects = await daemon.call<readonly ProjectSummary[]>({ method: 'GET', path: '/projects' });
  const all = await Promise.all(
    projects.map(({ name }) =>
      daemon.call<readonly VolumeUse[]>({ method: 'GET', path: projectPath(name, 'volumes') }),
    ),
  );
  const rows = all.flat();
  if (json) terminal.out(`${JSON.stringify(rows)}\n`);
  else {
    const head = [labels.volume[language], labels.project[language]].map((one) => terminal.paint('dim', one));
    terminal.out(renderColumns([head, ...rows.map((row) => [row.name, row.project])]));
  }
  return exitCodes.done;
}
