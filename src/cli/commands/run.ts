import { fail } from '#core/errors.ts';
import type { CommandRequest, InnerResult } from '#engine/api.ts';
import { readAssignments } from '../assignments.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { composeFlags } from '../flags.ts';
import { innerFlags, showResult, terminalHabits, timeoutOf } from './exec.ts';

export const run = command({
  usage: 'SERVICE [COMMAND [ARGUMENT ...]]',
  about: {
    en: `Runs a command to its end in a fresh instance of what serves: same code, environment, files and networks, but no
traffic and no name. It leaves nothing behind, also when you leave first. Shows its last 64 KiB of output.`,
    es: `Ejecuta un comando hasta su fin en una instancia nueva de lo que sirve: mismo código, entorno, archivos y redes, pero
sin tráfico y sin nombre. No deja nada atrás, tampoco si usted se va antes. Muestra sus últimos 64 KiB de salida.`,
  },
  flags: {
    ...composeFlags,
    ...innerFlags,
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
      text: { en: 'as always: without a terminal', es: 'como siempre: sin terminal' },
    },
  },
  wordsFollow: true,
  examples: ['timonel run web npm run migrate', 'timonel run web --json -- node -p 1+1'],
  async run(context) {
    const [service, ...words] = context.args.positionals;
    if (service === undefined) throw fail('CLI_COMMAND_MISSING', { command: 'run', usage: this.usage });
    const project = await chooseProject(context);
    const result = await context.daemon.call<InnerResult>({
      method: 'POST',
      path: projectPath(project, 'run'),
      body: { service, command: words, timeoutMs: timeoutOf(context), ...wishesOf(context) },
    });
    return showResult(context, result);
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
