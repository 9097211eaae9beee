import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '#model/spec.ts';
import type { Home } from './home.ts';

/** Deletes the snapshots that neither a kept release nor an existing instance needs. */
export function pruneSources(
  home: Home,
  project: string,
  { keep, used }: { readonly keep: readonly Source[]; readonly used: readonly Source[] },
): void {
  const folder = home.sources(project);
  const needed = new Set([...keep, ...used].map((source) => source.revision));
  const snapshots = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  for (const name of snapshots) {
    const revision = name.slice(name.lastIndexOf('-') + 1);
    if (!needed.has(revision)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Gives back the addresses of a project's services. Snapshots stay for as long as a release wants them. */
export function forgetProject(home: Home, project: string): void {
  const folder = home.project(project);
  rmSync(join(folder, 'services.json'), { force: true });
  for (const path of [home.instances(project), home.sources(project), folder]) {
    if (existsSync(path) && readdirSync(path).length === 0) rmSync(path, { recursive: true });
  }
}
