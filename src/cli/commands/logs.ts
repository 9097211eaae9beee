import type { WireLogLine } from '#daemon/contract.ts';
import type { AccessLine } from '#model/metrics.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { followLines } from '../client/follow-lines.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, type Flags } from '../flags.ts';
import { numberOf } from '../number-of.ts';
import { accessRenderer } from '../render/access-line.ts';
import { lineText, logRenderer } from '../render/log-line.ts';
import { withoutColour } from '../terminal.ts';
import { momentOf } from '../times.ts';

const flags = {
  ...composeFlags,
  // -f follows, as everywhere else in the world.
  file: { kind: 'list', value: 'FILE', text: composeFlags.file.text },
  follow: {
    kind: 'switch',
    short: 'f',
    text: { en: 'go on with what is written from now', es: 'sigue con lo que se escriba desde ahora' },
  },
  since: {
    kind: 'value',
    value: 'WHEN',
    text: { en: 'only after: 10m, 2h, 2026-11-22T10:00:00', es: 'solo después de: 10m, 2h, 2026-11-22T10:00:00' },
  },
  tail: {
    kind: 'value',
    short: 'n',
    value: 'COUNT|all',
    text: { en: 'only the last lines', es: 'solo las últimas líneas' },
  },
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
    if (context.args.is('access')) return showAccess(context, project, query);
    const render = rendererOf(context);
    const lines = followLines({ daemon: context.daemon, path: projectPath(project, 'logs'), query });
    for await (const line of lines) context.terminal.out(`${render(line)}\n`);
    return exitCodes.done;
  },
});

function rendererOf({ args, json, terminal }: Context<typeof flags>): (line: WireLogLine) => string {
  if (json) return (line) => JSON.stringify(line);
  if (args.is('no-log-prefix')) return (line) => lineText(line, terminal);
  return logRenderer(args.is('no-color') ? withoutColour(terminal) : terminal);
}

async function showAccess({ daemon, json, terminal }: Context, project: string, query: Record<string, string>) {
  const render = json ? (line: AccessLine) => JSON.stringify(line) : accessRenderer(terminal);
  const lines = followLines<AccessLine>({ daemon, path: projectPath(project, 'access'), query });
  for await (const line of lines) terminal.out(`${render(line)}\n`);
  return exitCodes.done;
}

function queryOf(context: Context<typeof flags>): Record<string, string> {
  const { args } = context;
  const { positionals: services } = args;
  const tail = args.text('tail');
  const wanted: Record<string, string | undefined> = {
    service: services.length === 0 ? undefined : services.join(','),
    instance: args.text('instance'),
    release: numberOf('--release', args.text('release'), 1),
    tail: tail === 'all' ? undefined : numberOf('--tail', tail, 0),
    since: momentOf(context, 'since'),
    follow: args.is('follow') ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
