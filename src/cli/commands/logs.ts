import { fail } from '#core/errors.ts';
import type { WireLogLine } from '#daemon/contract.ts';
import type { AccessLine } from '#model/metrics.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { followLines } from '../client/follow-lines.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, type Flags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { accessRenderer } from '../render/access-line.ts';
import { logRenderer } from '../render/log-line.ts';
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
    value: 'COUNT',
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
  instance: { kind: 'value', value: 'ID', text: { en: 'only of this instance', es: 'solo de esta instancia' } },
} as const satisfies Flags;

export const logs = command({
  usage: '[SERVICE]',
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
    'timonel logs --tail 100 --json',
    'timonel logs web --access -f',
  ],
  async run(context) {
    const [service] = atMost(1, context, 'logs', this.usage);
    const project = await chooseProject(context);
    const query = queryOf(context, service);
    if (context.args.is('access')) return showAccess(context, project, query);
    const render = context.json ? (line: WireLogLine) => JSON.stringify(line) : logRenderer(context.terminal);
    const lines = followLines({ daemon: context.daemon, path: projectPath(project, 'logs'), query });
    for await (const line of lines) context.terminal.out(`${render(line)}\n`);
    return exitCodes.done;
  },
});

async function showAccess({ daemon, json, terminal }: Context, project: string, query: Record<string, string>) {
  const render = json ? (line: AccessLine) => JSON.stringify(line) : accessRenderer(terminal);
  const lines = followLines<AccessLine>({ daemon, path: projectPath(project, 'access'), query });
  for await (const line of lines) terminal.out(`${render(line)}\n`);
  return exitCodes.done;
}

function queryOf(context: Context, service: string | undefined): Record<string, string> {
  const { args } = context;
  const wanted: Record<string, string | undefined> = {
    service,
    instance: args.text('instance'),
    release: numberOf('--release', args.text('release'), 1),
    tail: numberOf('--tail', args.text('tail'), 0),
    since: momentOf(context, 'since'),
    follow: args.is('follow') ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function numberOf(option: string, value: string | undefined, least: number): string | undefined {
  if (value === undefined || (/^\d+$/.test(value) && Number(value) >= least)) return value;
  throw fail('CLI_FLAG_NUMBER', { option, value, least });
}
