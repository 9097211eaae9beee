import { createInterface } from 'node:readline/promises';
import { fail } from '#core/errors.ts';
import type { ProjectSummary } from '#daemon/contract.ts';
import type { VolumeUse } from '#engine/api.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags, deploymentFlags, yesFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { dataFlags, demandDataYes, removeVolumes } from '../remove-volumes.ts';
import { labels } from '../render/labels.ts';
import { runDeployment } from '../run-deployment.ts';

export const down = command({
  usage: '[DIR]',
  about: {
    en: `Stops all instances of a project and takes its routes away. Volumes, releases and logs stay; deploying brings it
back.`,
    es: `Detiene todas las instancias de un proyecto y quita sus rutas. Se conservan volúmenes, versiones y registros;
desplegar lo vuelve a levantar.`,
  },
  flags: {
    ...composeFlags,
    ...yesFlags,
    ...deploymentFlags,
    ...dataFlags,
    volumes: {
      kind: 'switch',
      short: 'v',
      text: {
        en: 'delete its volumes too, with --yes-delete-data',
        es: 'borra también sus volúmenes, con --yes-delete-data',
      },
    },
    'remove-orphans': {
      kind: 'switch',
      text: { en: 'as always: nothing of the project stays', es: 'como siempre: no queda nada del proyecto' },
    },
    all: { kind: 'switch', text: { en: 'every project of this home', es: 'todos los proyectos de esta carpeta' } },
  },
  examples: [
    'timonel down',
    'timonel down -v --yes-delete-data',
    'timonel down -p documentos -y',
    'timonel down --all -y',
  ],
  async run(context) {
    const [place] = atMost(1, context, 'down', this.usage);
    const projects = context.args.is('all') ? await allProjects(context) : [await chooseProject(context, place)];
    let worst: number = exitCodes.done;
    for (const project of projects) worst = Math.max(worst, await takeDown(context, project));
    return worst;
  },
});

async function takeDown(context: Context, project: string): Promise<number> {
  const volumes = context.args.is('volumes' as never) ? await volumesOf(context, project) : [];
  // Before anything stops: a script that forgot the flag should not be left with half of what it asked for.
  demandDataYes(context, volumes);
  if (!(await isMeant(context, project))) return exitCodes.failed;
  const code = await runDeployment(context, { kind: 'down', project });
  if (code === exitCodes.done) await removeVolumes(context, volumes);
  return code;
}

/** External volumes are not the project's to delete. */
async function volumesOf({ daemon }: Context, project: string): Promise<readonly string[]> {
  const all = await daemon.call<readonly VolumeUse[]>({ method: 'GET', path: projectPath(project, 'volumes') });
  return all.filter((one) => !one.external).map((one) => one.name);
}

async function allProjects({ daemon }: Context): Promise<readonly string[]> {
  const projects = await daemon.call<readonly ProjectSummary[]>({ method: 'GET', path: '/projects' });
  return projects.map((project) => project.name);
}

/** Asks on a terminal; a script has to say `-y`. */
async function isMeant({ args, terminal, language, notice, json }: Context, project: string): Promise<boolean> {
  if (args.is('yes')) return true;
  if (!terminal.interactive || json) throw fail('CLI_NEEDS_YES', { project });
  const answer = await ask(labels.reallyDown[language].replace('PROJECT', project));
  if (/^(y|yes|s|si|sí)$/i.test(answer)) return true;
  notice('CLI_DOWN_DECLINED', { project });
  return false;
}

/** What is typed; Ctrl-C and the end of the input are no answer. */
async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
  try {
    return (await Promise.race([reader.question(`${question} `), ended])).trim();
  } catch {
    return '';
  } finally {
    reader.close();
  }
}
