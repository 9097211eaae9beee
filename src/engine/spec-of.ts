import type { ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Store } from '#world/store.ts';

/**
 * The spec that an instance runs by: of a release that has its fingerprint, the given ones first, because they say how
 * it is to be probed and stopped now. A kept instance may be older than any release that is still recorded.
 */
export function specOfInstance(
  store: Store,
  instance: Pick<ObservedInstance, 'project' | 'service' | 'release' | 'fingerprint'>,
  releases: readonly (Release | undefined)[],
): ServiceSpec | undefined {
  const given = releases.map((release) => release?.services[instance.service]).filter((spec) => spec !== undefined);
  const fitting = given.find((spec) => spec.fingerprint === instance.fingerprint);
  if (fitting !== undefined) return fitting;
  return store.release(instance.project, instance.release)?.services[instance.service] ?? given[0];
}
