import {
  listEnvironment,
  listHashes,
  listImages,
  listModels,
  listNetworks,
  listProfiles,
  listServices,
  listVolumes,
  renderProject,
  renderVariables,
  withImageDigests,
} from '#compose/config.ts';
import type { LoadResult } from '#compose/contract.ts';
import type { Project } from '#model/project.ts';
import type { Context } from './command.ts';
import { imageDigest } from './wire.ts';

/** What `config` prints: the list that an option asks for, else the whole model. */
export async function renderConfig({ args, json }: Context, loaded: LoadResult, project: Project): Promise<string> {
  const format = json || args.text('format') === 'json' ? 'json' : 'yaml';
  const lists: readonly (readonly [string, () => readonly string[]])[] = [
    ['services', () => listServices(project)],
    ['volumes', () => listVolumes(project)],
    ['networks', () => listNetworks(project)],
    ['models', () => listModels(project)],
    ['images', () => listImages(project)],
    ['profiles', () => listProfiles({ ...loaded, project })],
    ['environment', () => listEnvironment(loaded)],
  ];
  const asked = lists.find(([flag]) => args.is(flag));
  if (asked !== undefined) return renderList(asked[1](), json);
  const hash = args.text('hash');
  if (hash !== undefined) return renderList(listHashes(project, hash), json);
  if (args.is('variables')) return renderVariables(loaded.variables, variableFormat(args.text('format'), json));
  const pinned = args.is('resolve-image-digests') ? await withImageDigests(project, imageDigest) : project;
  return renderProject(pinned, format, { escapeDollars: !args.is('no-interpolate') });
}

function renderList(lines: readonly string[], json: boolean): string {
  return json ? `${JSON.stringify(lines)}\n` : lines.map((line) => `${line}\n`).join('');
}

function variableFormat(format: string | undefined, json: boolean): 'table' | 'json' | 'yaml' {
  if (json) return 'json';
  return format === 'json' || format === 'yaml' ? format : 'table';
}
