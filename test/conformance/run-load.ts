import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFiles } from '#adapters/files/project-files.ts';
import { type LoadRequest, type LoadResult, loadProject } from '#compose/load.ts';
import { say } from '#core/messages/say.ts';
import type { LoadArguments, LoadCase } from './cases.ts';
import { withFolders } from './compare.ts';

/** A folder named `proj` with the files of a case, gone when the scope ends. */
export function materialise(one: Pick<LoadCase, 'files' | 'dirs' | 'links'>): Disposable & { readonly folder: string } {
  const root = mkdtempSync(join(tmpdir(), 'timonel-conformance-'));
  const folder = join(root, 'proj');
  mkdirSync(folder);
  for (const path of one.dirs ?? []) mkdirSync(join(folder, path), { recursive: true });
  for (const [path, text] of Object.entries(one.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), String(withFolders(text, folder)));
  }
  for (const [path, target] of Object.entries(one.links ?? {})) symlinkSync(target, join(folder, path));
  return {
    folder,
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Loads with the arguments that the reference was recorded with. */
export function load(
  folder: string,
  args: LoadArguments,
  env: Readonly<Record<string, string | null>>,
  stdin?: string,
): LoadResult {
  return loadProject(requestOf(folder, args, env, stdin), projectFiles);
}

/** What was found, as a reader sees it: place, path and sentence. */
export function errorTexts(result: LoadResult): string[] {
  return result.findings
    .filter((finding) => finding.severity === 'error')
    .map(({ said, at }) => `${at?.file}:${at?.line}:${at?.column} ${at?.path ?? ''}: ${say(said, 'en')}`);
}

function requestOf(
  folder: string,
  args: LoadArguments,
  env: Readonly<Record<string, string | null>>,
  stdin?: string,
): LoadRequest {
  const own = Object.entries(env).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
  return {
    cwd: join(folder, args.cwd ?? '.'),
    env: { HOME: '/home/user', PATH: '/usr/bin:/bin', ...(withFolders(Object.fromEntries(own), folder) as object) },
    files: args.files,
    stdin,
    projectDirectory: args.project_directory,
    projectName: args.project_name,
    profiles: args.profiles,
    envFiles: args.env_files,
    services: args.services,
    options: {
      interpolate: args.no_interpolate !== true,
      normalize: args.no_normalize !== true,
      resolvePaths: args.no_path_resolution !== true,
      consistency: args.no_consistency !== true,
      resolveEnvironment: args.no_env_resolution !== true,
      allResources: args.all_resources === true,
      skipValidation: args.skip_validation === true,
    },
  };
}
