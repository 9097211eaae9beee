import { fail } from '#core/errors.ts';
import type { CommandRequest, InnerResult } from '#engine/api.ts';
import { readAssignments } from '../assignments.ts';
import { attend, terminalSize } from '../attend.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { composeFlags } from '../flags.ts';
import { showResult, terminalHabits, timeoutFlag, timeoutOf, usualTimeoutMs } from './exec.ts';

/** Somebody who sits at a command ends it when they like: this is as good as none. */
const longestTimeoutMs = 2 ** 31 - 1;

export const run = command({
  usage: 'SERVICE [COMMAND [ARGUMENT ...]]',
  about: {
    en: `Runs a command to its end in a fresh instance of what serves: same code, environment, files and networks, but no
traffic and no name. It has this input and, in a container, this terminal. It leaves nothing behind, also when you
leave first. The exit code is the command's.`,
    es: `Ejecuta un comando hasta su fin en una instancia nueva de lo que sirve: mismo código, entorno, archivos y redes, pero
sin tráfico y sin nombre. Tiene esta entrada y, en un contenedor, esta terminal. No deja nada atrás, tampoco si usted se
va antes. El código de salida es el del comando.`,
  },
  flags: {
    ...composeFlags,
    timeout: timeoutFlag({ en: 'default: none; with --json 10m', es: 'por omisión: ninguno; con --json 10m' }),
    env: {
      kind: 'list',
      short: 'e',
      value: 'NAME=VALUE',
      text: {
        en: 'another variable; NAME alone takes it from here; may be repeated',
        es: 'otra variable; NOMBRE solo la toma de aquí; se puede repetir',
      },
    },
    user: {
      kind: 'value',
      short: 'u',
      value: 'USER',
      text: { en: 'as this user (containers)', es: 'con este usuario (contenedores)' },
    },
    workdir: {
      kind: 'value',
      short: 'w',
      value: 'DIR',
      text: { en: 'start in this folder (containers)', es: 'empieza en esta carpeta (contenedores)' },
    },
    rm: {
      kind: 'switch',
      text: { en: 'as always: nothing is left behind', es: 'como siempre: no queda nada' },
    },
    ...terminalHabits,
    'no-deps': {
      kind: 'switch',
      text: { en: 'as always: starts no other service', es: 'como siempre: no inicia otros servicios' },
    },
    'no-tty': {
      kind: 'switch',
      short: 'T',
      text: { en: 'without a terminal', es: 'sin terminal' },
    },
  },
  wordsFollow: true,
  examples: ['timonel run web npm run migrate', 'timonel run web --json -- node -p 1+1'],
  async run(context) {
    const [service, ...words] = context.args.positionals;
    if (service === undefined) throw fail('CLI_COMMAND_MISSING', { command: 'run', usage: this.usage });
    const project = await chooseProject(context);
    const order = { service, command: words, ...wishesOf(context) };
    const call = { method: 'POST', path: projectPath(project, 'run') } as const;
    if (context.json) {
      const body = { ...order, timeoutMs: timeoutOf(context, usualTimeoutMs) };
      return showResult(context, await context.daemon.call<InnerResult>({ ...call, body }));
    }
    const hasTerminal = context.terminal.interactive && !context.args.is('no-tty');
    const attended = hasTerminal ? { terminal: terminalSize() } : {};
    const body = { ...order, timeoutMs: timeoutOf(context, longestTimeoutMs), attended };
    return showResult(context, await attend((more) => context.daemon.stream({ ...call, body, more })));
  },
});

function wishesOf({ args, env }: Context): Pick<CommandRequest, 'environment' | 'user' | 'workingDir'> {
  const [user, workingDir] = [args.text('user'), args.text('workdir')];
  return {
    environment: readAssignments(args.list('env'), env),
    ...(user === undefined ? {} : { user }),
    ...(workingDir === undefined ? {} : { workingDir }),
  };
}
