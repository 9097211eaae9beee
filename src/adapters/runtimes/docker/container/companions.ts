import { fail } from '#core/errors.ts';
import type { InstanceSpec } from '#model/instance.ts';
import { label } from '../labels.ts';
import type { ContainerListed } from './api.ts';
import type { Containers } from './containers.ts';
import { textOf, textsOf } from './values.ts';

/** Containers that an instance's modes and volumes refer to by the name of their service. */
export interface Companions {
  readonly modes: { readonly network?: string; readonly pid?: string; readonly ipc?: string };
  readonly volumesFrom: readonly string[];
}

/**
 * Finds the containers behind `network_mode: service:X` and its like. Of several instances the one of the same release
 * is taken. The model makes such a service depend on X with `restart`, so it is replaced when X is.
 *
 * @throws DOCKER_COMPANION_MISSING when X has no instance that runs
 */
export async function findCompanions(
  containers: Containers,
  home: string,
  instance: InstanceSpec,
): Promise<Companions> {
  const { service } = instance.spec;
  const shared = async (mode: string | undefined): Promise<string | undefined> => {
    if (mode?.startsWith('service:') !== true) return undefined;
    return `container:${await containerOf(containers, home, instance, mode.slice('service:'.length))}`;
  };
  const [network, pid, ipc] = await Promise.all([
    shared(service.network_mode),
    shared(textOf(service.pid)),
    shared(textOf(service.ipc)),
  ]);
  const volumesFrom = await Promise.all(
    textsOf(service.volumes_from).map((entry) => volumesFromOf(containers, home, instance, entry)),
  );
  return {
    modes: {
      ...(network === undefined ? {} : { network }),
      ...(pid === undefined ? {} : { pid }),
      ...(ipc === undefined ? {} : { ipc }),
    },
    volumesFrom,
  };
}

/** `container:NAME[:ro]` is the engine's own form without its prefix; `SERVICE[:ro]` is looked up. */
async function volumesFromOf(
  containers: Containers,
  home: string,
  instance: InstanceSpec,
  entry: string,
): Promise<string> {
  if (entry.startsWith('container:')) return entry.slice('container:'.length);
  const [service = '', mode] = entry.split(':');
  const container = await containerOf(containers, home, instance, service);
  return mode === undefined ? container : `${container}:${mode}`;
}

async function containerOf(
  containers: Containers,
  home: string,
  instance: InstanceSpec,
  service: string,
): Promise<string> {
  const all = await containers.list({
    [label.home]: home,
    [label.project]: instance.project,
    [label.service]: service,
    [label.instance]: undefined,
  });
  const running = all.filter((one) => one.State === 'running');
  const best = running.find((one) => isOfRelease(one, instance.release)) ?? running[0];
  if (best === undefined) throw fail('DOCKER_COMPANION_MISSING', { service, instance: instance.id });
  return best.Id;
}

function isOfRelease(container: ContainerListed, release: number): boolean {
  return container.Labels[label.release] === String(release);
}
