import type { WireStatus } from '#daemon/contract.ts';
import { chooseInstance, type WireInstance } from '../client/choose-instance.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { runInherited } from '../inherit.ts';

const columns = 'pid,user,pcpu,pmem,etime,args';

export const top = command({
  usage: '[SERVICE|INSTANCE ...]',
  about: {
    en: 'Shows the processes of the running instances: user, CPU, memory, how long they run.',
    es: 'Muestra los procesos de las instancias en marcha: usuario, CPU, memoria y desde cuándo.',
  },
  flags: { ...composeFlags },
  examples: ['timonel top', 'timonel top web'],
  async run(context) {
    const project = await chooseProject(context);
    const status = await context.daemon.call<WireStatus>({ method: 'GET', path: projectPath(project, 'status') });
    const { positionals } = context.args;
    const chosen: WireInstance[] = [];
    for (const wanted of positionals.length > 0 ? positionals : status.services.map((one) => one.name)) {
      const service = status.services.find((one) => one.name === wanted);
      chosen.push(...(service?.instances ?? [await chooseInstance(context, { project, wanted })]));
    }
    for (const instance of chosen.filter((one) => one.state !== 'exited' && one.state !== 'completed')) {
      context.terminal.out(`${context.terminal.paint('bold', instance.id)}\n`);
      await showProcesses(instance);
    }
    return exitCodes.done;
  },
});

/** A process instance leads a session of its own; a container's processes only Docker can tell apart. */
async function showProcesses({ container, pid }: WireInstance): Promise<void> {
  if (container !== undefined) await runInherited('docker', ['top', container, '-eo', columns]);
  else if (pid !== undefined) await runInherited('ps', ['-o', columns, '-s', String(pid)]);
}
