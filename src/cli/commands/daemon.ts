import { fail } from '#core/errors.ts';
import { nearest } from '#core/nearest.ts';
import type { Health } from '#daemon/contract.ts';
import { daemonProgram } from '#daemon/program.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderDaemon } from '../render/daemon.ts';

type Action = (context: Context) => Promise<number>;

const actions = {
  start: startIt,
  stop: stopIt,
  status: showIt,
  install: async (context) => (await import('../install-units.ts')).installUnits(context),
  run: async () => {
    const { execPath, env } = process;
    process.execve?.(execPath, [execPath, ...daemonProgram.flags, daemonProgram.entry], {
      ...env,
      ...daemonProgram.env,
    });
    return exitCodes.failed;
  },
} as const satisfies Readonly<Record<string, Action>>;

export const daemon = command({
  usage: 'start|stop|status|install|run',
  about: {
    en: `The daemon supervises what was deployed. start: starts it and waits until everything that should run was brought
back. stop: ends it; instances and proxy go on serving, unwatched. status: shows it. install: has systemd start it at
boot. run: runs it in the foreground.`,
    es: `El servicio timonel supervisa lo desplegado. start: lo arranca y espera a que vuelva todo lo que debe ejecutarse.
stop: lo termina; las instancias y el proxy siguen atendiendo, sin vigilancia. status: lo muestra. install: hace que
systemd lo arranque al iniciar. run: lo ejecuta en primer plano.`,
  },
  flags: {},
  examples: ['timonel daemon start', 'timonel daemon status --json', 'timonel daemon install'],
  async run(context) {
    const { positionals } = context.args;
    const [name = ''] = positionals;
    if (isAction(name) && positionals.length === 1) return await actions[name](context);
    const close = nearest(name, Object.keys(actions));
    if (name !== '' && close !== undefined && !isAction(name)) {
      throw fail('CLI_UNKNOWN_COMMAND', { command: `daemon ${name}`, nearest: `daemon ${close}` });
    }
    throw fail('CLI_ARGUMENTS', { command: 'daemon', usage: this.usage, given: positionals.join(' ') });
  },
});

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

async function startIt(context: Context): Promise<number> {
  await context.daemon.ensure();
  const health = await context.daemon.call<Health>({ method: 'GET', path: '/health?recovered=wait' });
  show(context, health, 'runs');
  return exitCodes.done;
}

async function stopIt(context: Context): Promise<number> {
  const health = await context.daemon.find();
  if (health === undefined) {
    if (context.json) context.terminal.out(`${JSON.stringify({ running: false })}\n`);
    else context.notice('CLI_DAEMON_ABSENT', { home: context.daemon.home.path });
    return exitCodes.done;
  }
  await context.daemon.stop(health);
  show(context, health, 'ended');
  return exitCodes.done;
}

async function showIt(context: Context): Promise<number> {
  const health = await context.daemon.find();
  if (health === undefined) {
    if (context.json) context.terminal.out(`${JSON.stringify({ running: false })}\n`);
    else context.notice('CLI_DAEMON_ABSENT', { home: context.daemon.home.path });
    return exitCodes.failed;
  }
  show(context, health, 'runs');
  return exitCodes.done;
}

function show({ terminal, language, json, daemon: client }: Context, health: Health, state: 'runs' | 'ended'): void {
  const home = client.home.path;
  if (json) terminal.out(`${JSON.stringify({ running: state === 'runs', home, ...health })}\n`);
  else terminal.out(renderDaemon({ terminal, language, home, health, state }));
}
