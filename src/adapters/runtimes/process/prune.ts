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
