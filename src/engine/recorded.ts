import type { Release } from '#model/release.ts';
import type { Store } from '#world/store.ts';

/** The release of a project that serves, or served last. */
export function servingRelease(store: Store, project: string): Release | undefined {
  const serving = store.project(project)?.serving;
  return serving === undefined ? undefined : store.release(project, serving);
}

/** Every release of a project that is still recorded, oldest first. */
export function keptReleases(store: Store, project: string): readonly Release[] {
  return store.releaseNumbers(project).flatMap((number) => store.release(project, number) ?? []);
}
