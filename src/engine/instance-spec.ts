import { fail } from '#core/errors.ts';
import type { InstanceSpec } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import type { World } from '#world/world.ts';
import { hostsFor, volumeNames } from './hosts.ts';

/** All that a runtime needs to start instance `id` of a service of `release`. */
export async function instanceSpec(
  world: Pick<World, 'runtimes'>,
  release: Release,
  service: string,
  id: string,
): Promise<InstanceSpec> {
  const spec = release.services[service];
  if (spec === undefined) throw fail('ROLLOUT_INTERNAL', { detail: `no ${service} in release ${release.number}` });
  return {
    id,
    project: release.project,
    service,
    release: release.number,
    spec,
    directory: release.directory,
    hosts: hostsFor(release.model, service, await serviceAddresses(world, release)),
    volumes: volumeNames(release.model),
  };
}

/** The stable address of every service that listens. */
async function serviceAddresses(world: Pick<World, 'runtimes'>, release: Release): Promise<Record<string, string>> {
  const listening = Object.values(release.services).filter((spec) => spec.endpoints.length > 0);
  const pairs = listening.map(async (spec): Promise<[string, string] | undefined> => {
    const address = await world.runtimes[spec.runtime]?.serviceAddress(release.project, spec.name);
    return address === undefined ? undefined : [spec.name, address];
  });
  return Object.fromEntries((await Promise.all(pairs)).filter((pair) => pair !== undefined));
}
