import type { InstanceSpec } from '#model/instance.ts';
import { label } from '../labels.ts';
import type { ContainerListed } from './api.ts';

/** Names of volumes by the path where they are mounted. */
export type VolumesByPath = Readonly<Record<string, string>>;

/**
 * The nameless volumes that a new instance takes over from the one it replaces: of the same service and place among
 * its equals, ended, the newest. Volumes that a running container uses are never shared.
 */
export function inheritedVolumes(
  { project, service, id }: Pick<InstanceSpec, 'project' | 'service' | 'id'>,
  containers: readonly ContainerListed[],
): VolumesByPath {
  const running = containers.filter((one) => one.State === 'running' || one.State === 'paused');
  const inUse = new Set(running.flatMap((one) => one.Mounts.map((mount) => mount.Name)));
  const before = containers
    .filter((one) => one.Labels[label.project] === project && one.Labels[label.service] === service)
    .filter(
      (one) => one.Labels[label.oneOff] === undefined && placeOf(one.Labels[label.instance] ?? '') === placeOf(id),
    )
    .filter((one) => !running.includes(one) && one.Labels[label.instance] !== id)
    .toSorted((a, b) => b.Created - a.Created)[0];
  const volumes = (before?.Mounts ?? []).filter((mount) => isNameless(mount.Name) && !inUse.has(mount.Name));
  return Object.fromEntries(volumes.map((mount) => [mount.Destination, mount.Name ?? '']));
}

function placeOf(instance: string): string {
  return /(\d+)$/.exec(instance)?.[1] ?? '';
}

/** The engine names volumes that nobody named by 64 hexadecimal digits. */
function isNameless(name: string | undefined): boolean {
  return name !== undefined && /^[0-9a-f]{64}$/.test(name);
}
