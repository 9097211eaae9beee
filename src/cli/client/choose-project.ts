import { dirname, resolve } from 'node:path';
import { fail } from '#core/errors.ts';
import type { ProjectSummary } from '#daemon/contract.ts';
import type { Arguments } from '../arguments.ts';
import type { Context } from '../command.ts';
import type { composeFlags } from '../flags.ts';
import { hasComposeFile } from './project-request.ts';

/**
 * Which deployed project a command means: `-p`, else COMPOSE_PROJECT_NAME, else the one deployed from `directory`, the
 * folder of `-f`, or the current folder, else the only one there is, unless the folder holds a Compose file of its own.
 */
export async function chooseProject(context: Context, directory?: string): Promise<string> {
  const args = context.args as unknown as Arguments<typeof composeFlags>;
  const place = directory ?? args.text('project-directory') ?? args.list('file').find((file) => file !== '-');
  const named = args.text('project') ?? context.env.COMPOSE_PROJECT_NAME;
  if (named !== undefined && named !== '') return named;
  const projects = await context.daemon.call<readonly ProjectSummary[]>({ method: 'GET', path: '/projects' });
  const folder = folderOf(context, place);
  const here = projects.filter((project) => project.directory === folder);
  if (here[0] !== undefined && here.length === 1) return here[0].name;
  const names = (here.length > 1 ? here : projects).map((project) => project.name);
  const isElsewhere = place !== undefined || hasComposeFile(folder);
  if (names[0] === undefined || (isElsewhere && here.length === 0))
    throw fail('CLI_NOT_DEPLOYED', { folder, known: names });
  if (names.length > 1) throw fail('CLI_WHICH_PROJECT', { known: names });
  return names[0];
}

/** The path under which the daemon serves what concerns `project`. */
export function projectPath(project: string, resource: string): string {
  return `/projects/${encodeURIComponent(project)}/${resource}`;
}

function folderOf(context: Context, place: string | undefined): string {
  const path = resolve(context.cwd, place ?? '.');
  return place !== undefined && /\.ya?ml$/.test(place) ? dirname(path) : path;
}
