import { fail } from '#core/errors.ts';
import type { InnerResult } from '#engine/api.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags } from '../flags.ts';
import { innerFlags, showResult, timeoutOf } from './exec.ts';

export const run = command({
  usage: 'SERVICE [COMMAND [ARGUMENT ...]]',
  about: {
    en: `Runs a command to its end in a fresh instance of what serves: same code, environment, files and networks, but no
traffic and no name. It leaves nothing behind, also when you leave first. Shows its last 64 KiB of output.`,
    es: `Ejecuta un comando hasta su fin en una instancia nueva de lo que sirve: mismo código, entorno, archivos y redes, pero
sin tráfico y sin nombre. No deja nada atrás, tampoco si usted se va antes. Muestra sus últimos 64 KiB de salida.`,
  },
  flags: { ...composeFlags, ...innerFlags },
  wordsFollow: true,
  examples: ['timonel run web npm run migrate', 'timonel run web --json -- node -p 1+1'],
  async run(context) {
    const [service, ...words] = context.args.positionals;
    if (service === undefined) throw fail('CLI_COMMAND_MISSING', { command: 'run', usage: this.usage });
    const project = await chooseProject(context);
    const result = await context.daemon.call<InnerResult>({
      method: 'POST',
      path: projectPath(project, 'run'),
      body: { service, command: words, timeoutMs: timeoutOf(context) },
    });
    return showResult(context, result);
  },
});
