import type { ProjectSummary, WireStatus } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { demandServices } from '../client/demand-services.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, type Flags } from '../flags.ts';
import { renderColumns } from '../render/columns.ts';
import { labels } from '../render/labels.ts';
import { instanceWords } from '../render/words.ts';

const flags = {
  ...composeFlags,
  all: { kind: 'switch', short: 'a', text: { en: 'of every project', es: 'de todos los proyectos' } },
  format: {
    kind: 'value',
    value: 'table|json',
    choices: ['table', 'json'],
    text: { en: 'json: as --json', es: 'json: como --json' },
  },
  quiet: {
    kind: 'switch',
    short: 'q',
    text: {
      en: 'only their ids: of the container, which docker takes too, or of the instance',
      es: 'solo sus identificadores: del contenedor, que docker también acepta, o de la instancia',
    },
  },
  services: { kind: 'switch', text: { en: 'only the names of services', es: 'solo los nombres de servicios' } },
} as const satisfies Flags;

export const ps = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Lists the instances of a project, with the container or process of each. They carry Compose's labels, so
docker compose ps shows those in containers too.`,
    es: `Lista las instancias de un proyecto, con el contenedor o proceso de cada una. Llevan las etiquetas de Compose, así
que docker compose ps también muestra las que están en contenedores.`,
  },
  flags,
  examples: ['timonel ps', 'timonel ps web -q', 'timonel ps -a --json'],
  async run(context) {
    const { positionals: services } = context.args;
    const projects = context.args.is('all') ? await allProjects(context) : [await chooseProject(context)];
    if (projects[0] !== undefined && !context.args.is('all')) await demandServices(context, projects[0], services);
    const rows = (await Promise.all(projects.map((project) => rowsOf(context, project)))).flat();
    print(context, services.length === 0 ? rows : rows.filter((row) => services.includes(row.service)));
    return exitCodes.done;
  },
});

type Row = WireStatus['services'][number]['instances'][number] & {
  readonly project: string;
  readonly service: string;
};

async function allProjects({ daemon }: Context): Promise<readonly string[]> {
  const projects = await daemon.call<readonly ProjectSummary[]>({ method: 'GET', path: '/projects' });
  return projects.map((project) => project.name);
}

async function rowsOf({ daemon }: Context, project: string): Promise<readonly Row[]> {
  const status = await daemon.call<WireStatus>({ method: 'GET', path: projectPath(project, 'status') });
  return status.services.flatMap((service) =>
    service.instances.map((one) => ({ ...one, project, service: service.name })),
  );
}

function print({ terminal, language, json, args }: Context<typeof flags>, rows: readonly Row[]): void {
  if (json || args.text('format') === 'json') terminal.out(`${JSON.stringify(rows)}\n`);
  else if (args.is('services')) terminal.out(linesOf(rows.map((row) => row.service)));
  else if (args.is('quiet')) terminal.out(linesOf(rows.map((row) => row.container ?? row.id)));
  else terminal.out(table(rows, { terminal, language }));
}

function linesOf(words: readonly string[]): string {
  return [...new Set(words)].map((word) => `${word}\n`).join('');
}

function table(rows: readonly Row[], { terminal, language }: Pick<Context, 'terminal' | 'language'>): string {
  const names = ['project', 'instance', 'service', 'state', 'release', 'address', 'runsAs'] as const;
  const head = names.map((name) => terminal.paint('dim', labels[name][language]));
  const lines = rows.map((row) => {
    const { text, style } = instanceWords[row.state];
    const state = style === undefined ? text[language] : terminal.paint(style, text[language]);
    const runsAs = row.container === undefined ? `pid ${row.pid ?? '-'}` : row.container.slice(0, 12);
    return [row.project, row.id, row.service, state, String(row.release), row.address ?? '-', runsAs];
  });
  return renderColumns([head, ...lines]);
}
