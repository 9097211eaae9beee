import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail } from '#core/errors.ts';
import type { ProjectRequest } from '#engine/api.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { Arguments } from '../arguments.ts';
import type { Context } from '../command.ts';
import type { composeFlags, releaseFlags } from '../flags.ts';

/** Names under which Compose looks for its file. */
export const composeFileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

type ComposeArguments = Arguments<typeof composeFlags & Partial<typeof releaseFlags>>;

/**
 * What is to be loaded: `DIR` is read as if the command had been typed there; files named by options stay relative to
 * where it was typed. A file as `DIR` is the same as `-f`.
 */
export function projectRequest(context: Context, place: string | undefined): ProjectRequest {
  const args = context.args as unknown as ComposeArguments;
  const target = place === undefined ? undefined : placeOf(resolve(context.cwd, place), place);
  const absolute = (path: string): string => (path === '-' ? path : resolve(context.cwd, path));
  const files = [...(target?.file === undefined ? [] : [target.file]), ...args.list('file').map(absolute)];
  const directory = args.text('project-directory');
  const name = args.text('project');
  const runtime = args.text('runtime') as RuntimeKind | undefined;
  return {
    cwd: target?.directory ?? context.cwd,
    env: definedOnly(context.env),
    ...(files.length === 0 ? {} : { files }),
    ...(files.includes('-') ? { stdin: readFileSync(0, 'utf8') } : {}),
    ...(directory === undefined ? {} : { projectDirectory: resolve(context.cwd, directory) }),
    ...(name === undefined ? {} : { projectName: name }),
    ...listOf('profiles', args.list('profile')),
    ...listOf('envFiles', args.list('env-file').map(absolute)),
    ...(runtime === undefined ? {} : { runtime }),
    ...(args.is('accept-new-volume') ? { acceptNewVolumes: true } : {}),
  };
}

/** Does `directory` hold a Compose file? */
export function hasComposeFile(directory: string): boolean {
  return composeFileNames.some((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isFile() === true);
}

function placeOf(path: string, typed: string): { readonly directory: string; readonly file?: string } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw fail('CLI_NO_SUCH_PLACE', { path: typed });
  return found.isDirectory() ? { directory: path } : { directory: dirname(path), file: path };
}

function definedOnly(env: Context['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function listOf<K extends string>(key: K, values: readonly string[]): { readonly [P in K]?: readonly string[] } {
  return values.length === 0 ? {} : ({ [key]: values } as { readonly [P in K]?: readonly string[] });
}
