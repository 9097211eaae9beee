import type { WireLogLine } from '#daemon/contract.ts';
import type { AccessLine } from '#model/metrics.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { demandServices } from '../client/demand-services.ts';
import { followLines } from '../client/follow-lines.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Flags, lineFlags } from '../flags.ts';
import { lineQuery } from '../line-query.ts';
import { numberOf } from '../number-of.ts';
import { accessRenderer } from '../render/access-line.ts';
import { lineText, logRenderer } from '../render/log-line.ts';
import { withoutColour } from '../terminal.ts';

const flags = {
  ...lineFlags,
  release: { kind: 'value', value: 'NUMBER', text: { en: 'only of this release', es: 'solo de esta versión' } },
  access: {
    kind: 'switch',
    text: {
      en: 'requests instead: who asked what, with which outcome, how long it took, where',
      es: 'en su lugar las peticiones: quién pidió qué, con qué resultado, cuánto tardó y dónde',
    },
  },
  timestamps: {
    kind: 'switch',
    short: 't',
    text: { en: 'as always: each line has its time', es: 'como siempre: cada línea lleva su hora' },
  },
  'no-color': { kind: 'switch', text: { en: 'without colours', es: 'sin colores' } },
  'no-log-prefix': {
    kind: 'switch',
    text: { en: 'what was written and no more', es: 'lo que se escribió y nada más' },
  },
  instance: { kind: 'value', value: 'ID', text: { en: 'only of this instance', es: 'solo de esta instancia' } },
} as const satisfies Flags;

export const logs = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Shows what instances wrote, in order of time, of all releases: the lines of an instance that failed or was replaced
stay readable.`,
    es: `Muestra lo que escribieron las instancias, en orden, de todas las versiones: las líneas de una instancia que falló o
fue reemplazada se siguen pudiendo leer.`,
  },
  flags,
  examples: [
    'timonel logs web -f',
    'timonel logs web --since 10m --release 7',
    'timonel logs web worker --tail 100 --json',
    'timonel logs web --access -f',
  ],
  async run(context) {
    const project = await chooseProject(context);
    const query = queryOf(context);
    const { positionals: services } = context.args;
    if (context.args.is('follow')) await demandServices(context, project, services);
    const count = context.args.is('access')
      ? await showAccess(context, project, query)
      : await showLog(context, project, query);
    // Lines of a service that is gone stay readable, so only silence is looked into.
    if (count === 0) await demandServices(context, project, services);
    return exitCodes.done;
  },
});

type Query = Readonly<Record<string, string>>;

/** How many lines there were. */
function showLog(context: Context<typeof flags>, project: string, query: Query): Promise<number> {
  const render = rendererOf(context);
  const lines = followLines({ daemon: context.daemon, path: projectPath(project, 'logs'), query });
  return show(context, lines, render);
}

async function show<L>({ terminal }: Context, lines: AsyncIterable<L>, render: (line: L) => string): Promise<number> {
  let count = 0;
  for await (const line of lines) {
    terminal.out(`${render(line)}\n`);
    count += 1;
  }
  return count;
}

function rendererOf({ args, json, terminal }: Context<typeof flags>): (line: WireLogLine) => string {
  if (json) return (line) => JSON.stringify(line);
  if (args.is('no-log-prefix')) return (line) => lineText(line, terminal);
  return logRenderer(args.is('no-color') ? withoutColour(terminal) : terminal);
}

function showAccess(context: Context, project: string, query: Query): Promise<number> {
  const { daemon, json, terminal } = context;
  const render = json ? (line: AccessLine) => JSON.stringify(line) : accessRenderer(terminal);
  return show(context, followLines<AccessLine>({ daemon, path: projectPath(project, 'access'), query }), render);
}

function queryOf(context: Context<typeof flags>): Query {
  const { args } = context;
  return lineQuery(context, {
    instance: args.text('instance'),
    release: numberOf('--release', args.text('release'), 1),
  });
}
