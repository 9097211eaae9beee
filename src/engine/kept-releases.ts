import type { Release } from '#model/release.ts';
import type { Store } from '#world/store.ts';

/** Every release of a project that is still recorded, oldest first. */
export function keptReleases(store: Store, project: string): readonly Release[] {
  return store.releaseNumbers(project).flatMap((number) => store.release(project, number) ?? []);
}
