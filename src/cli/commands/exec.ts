import { parseDuration } from '#core/duration.ts';
import { fail } from '#core/errors.ts';
import type { InnerResult } from '#engine/api.ts';
import { chooseInstance, type WireInstance } from '../client/choose-instance.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, type Flags } from '../flags.ts';
import { codeOfSignal, runInherited } from '../inherit.ts';
import { numberOf } from '../number-of.ts';
import type { Pair } from '../pair.ts';

/** As Docker's own commands are typed; here they have the terminal and the input where there is one. */
export const terminalHabits = {
  interactive: {
    kind: 'switch',
    short: 'i',
    text: { en: 'as always: with this input', es: 'como siempre: con esta entrada' },
  },
  tty: {
    kind: 'switch',
    short: 't',
    text: { en: 'as always, where there is a terminal', es: 'como siempre, donde hay una terminal' },
  },
} as const satisfies Flags;

/** How long a command may take that nobody sits at. */
export const usualTimeoutMs = 10 * 60_000;

/** The option that ends a command, with what is usual. */
export function timeoutFlag(usual: Pair) {
  return {
    kind: 'value',
    value: 'DURATION',
    text: { en: `end it after this long (${usual.en})`, es: `lo termina pasado este tiempo (${usual.es})` },
  } as const;
}

export const exec = command({
  usage: 'SERVICE|INSTANCE COMMAND [ARGUMENT ...]',
  about: {
    en: `Runs a command inside a serving instance, with its environment, user, names and files. In a container it has this
terminal and input; without Docker its last 64 KiB of output are shown when it ends. The exit code is the command's.`,
    es: `Ejecuta un comando dentro de una instancia que sirve, con su entorno, usuario, nombres y archivos. En un contenedor
tiene esta terminal y su entrada; sin Docker se muestran sus últimos 64 KiB de salida al terminar. El código de salida es
el del comando.`,
  },
  flags: {
    ...composeFlags,
    timeout: timeoutFlag({ en: 'default: 10m', es: 'por omisión: 10m' }),
    user: {
      kind: 'value',
      short: 'u',
      value: 'USER',
      text: { en: 'as this user (containers)', es: 'con este usuario (contenedores)' },
    },
    env: {
      kind: 'list',
      short: 'e',
      value: 'NAME=VALUE',
      text: {
        en: 'another variable (containers); may be repeated',
        es: 'otra variable (contenedores); se puede repetir',
      },
    },
    workdir: {
      kind: 'value',
      short: 'w',
      value: 'DIR',
      text: { en: 'start in this folder (containers)', es: 'empieza en esta carpeta (contenedores)' },
    },
    'no-tty': { kind: 'switch', short: 'T', text: { en: 'without a terminal', es: 'sin terminal' } },
    ...terminalHabits,
    detach: {
      kind: 'switch',
      short: 'd',
      text: { en: 'do not wait for its end (containers)', es: 'no espera a que termine (contenedores)' },
    },
    privileged: {
      kind: 'switch',
      text: { en: 'with all rights of the machine (containers)', es: 'con todos los permisos (contenedores)' },
    },
    index: {
      kind: 'value',
      value: 'NUMBER',
      text: { en: 'which instance of the service, from 1', es: 'qué instancia del servicio, desde 1' },
    },
  },
  wordsFollow: true,
  examples: ['timonel exec web sh', 'timonel exec db psql -U app < dump.sql', 'timonel exec web-r3-2 env'],
  async run(context) {
    const [service, ...words] = context.args.positionals;
    if (service === undefined || words.length === 0)
      throw fail('CLI_COMMAND_MISSING', { command: 'exec', usage: this.usage });
    const project = await chooseProject(context);
    const index = numberOf('--index', context.args.text('index'), 1);
    const instance = await chooseInstance(context, {
      ...{ project, wanted: service },
      ...(index === undefined ? {} : { index: Number(index) }),
    });
    const code = context.json ? undefined : await insideContainer(context, instance, words);
    if (code === undefined) demandNoWishes(context);
    return code ?? insideByDaemon(context, { project, instance: instance.id, words });
  },
});

/** By Docker's own command, which has the terminal, the input and the signals; undefined where that is not to be had. */
async function insideContainer(
  { args, terminal }: Context,
  { container }: WireInstance,
  words: readonly string[],
): Promise<number | undefined> {
  if (container === undefined || args.text('timeout') !== undefined) return undefined;
  const user = args.text('user');
  const folder = args.text('workdir');
  const options = [
    ...(args.is('detach') ? ['-d'] : ['-i']),
    ...(terminal.interactive && !args.is('no-tty') && !args.is('detach') ? ['-t'] : []),
    ...(args.is('privileged') ? ['--privileged'] : []),
    ...(user === undefined ? [] : ['-u', user]),
    ...(folder === undefined ? [] : ['-w', folder]),
    ...args.list('env').flatMap((one) => ['-e', one]),
  ];
  return runInherited('docker', ['exec', ...options, container, ...words]);
}

/** Only Docker's command knows these; better refused than left out without a word. */
function demandNoWishes({ args }: Context): void {
  const names = ['user', 'workdir', 'env', 'detach', 'privileged'].filter((name) => args.is(name));
  const options = names.map((name) => `--${name}`);
  if (options.length > 0) throw fail('CLI_EXEC_OPTIONS', { options: options.join(', ') });
}

interface Inside {
  readonly project: string;
  readonly instance: string;
  readonly words: readonly string[];
}

async function insideByDaemon(context: Context, { project, instance, words }: Inside): Promise<number> {
  const result = await context.daemon.call<InnerResult>({
    method: 'POST',
    path: projectPath(project, 'exec'),
    body: { service: instance, command: words, timeoutMs: timeoutOf(context, usualTimeoutMs) },
  });
  return showResult(context, result);
}

/** `--timeout`, or what is usual. */
export function timeoutOf({ args }: Context, usualMs: number): number {
  const value = args.text('timeout');
  if (value === undefined) return usualMs;
  const parsed = parseDuration(value);
  if (parsed === undefined || parsed <= 0) throw fail('CLI_FLAG_DURATION', { option: '--timeout', value });
  return parsed;
}

/** Shows how a command inside ended. Its exit code is ours. */
export function showResult({ terminal, json, notice }: Context, result: InnerResult): number {
  if (json) terminal.out(`${JSON.stringify(result)}\n`);
  else terminal.out(result.output);
  if (result.timedOut && !json) notice('CLI_COMMAND_TIMED_OUT', { instance: result.instance });
  if (result.timedOut || (result.code === undefined && result.signal === undefined)) return exitCodes.failed;
  return result.code ?? codeOfSignal(result.signal ?? '');
}
