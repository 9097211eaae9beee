import { fail } from '#core/errors.ts';
import type { Release } from '#model/release.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { Store } from '#world/store.ts';
import type { World } from '#world/world.ts';
import type { VolumeUse } from '../api.ts';
import { keptReleases } from '../recorded.ts';

/** Every volume that a kept release of the project names, once. */
export function volumesOf(store: Store, project: string): readonly VolumeUse[] {
  return usesOf(store, project).map(({ name, external }) => ({ name, project, external }));
}

/**
 * Deletes a volume and its data, where a project of this home has made it.
 *
 * @throws ERRAND_VOLUME_UNKNOWN, ERRAND_VOLUME_EXTERNAL
 */
export async function removeVolume({ store, runtimes }: World, name: string): Promise<void> {
  const all = store.projects().flatMap((project) => usesOf(store, project.name));
  const use = all.find((one) => one.name === name);
  if (use === undefined) {
    const own = all.filter((one) => !one.external).map((one) => one.name);
    throw fail('ERRAND_VOLUME_UNKNOWN', { name, known: own.join(', ') });
  }
  if (use.external) throw fail('ERRAND_VOLUME_EXTERNAL', { name, project: use.project });
  for (const kind of use.runtimes) await runtimes[kind]?.removeVolume(name);
}

interface Use extends VolumeUse {
  readonly runtimes: ReadonlySet<RuntimeKind>;
}

function usesOf(store: Store, project: string): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const release of keptReleases(store, project))
    for (const use of usesIn(release)) uses.set(use.name, merged(uses.get(use.name), use));
  return [...uses.values()];
}

function usesIn({ project, model, services }: Release): readonly Use[] {
  const runtimes = new Set(Object.values(services).map((spec) => spec.runtime));
  return Object.entries(model.volumes ?? {}).map(([key, volume]) => {
    const external = volume?.external === true;
    return { name: volume?.name ?? (external ? key : `${project}_${key}`), project, external, runtimes };
  });
}

/** External in any release means that it is not ours to delete. */
function merged(before: Use | undefined, use: Use): Use {
  if (before === undefined) return use;
  return { ...use, external: before.external || use.external, runtimes: before.runtimes.union(use.runtimes) };
}
