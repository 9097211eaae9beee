import { posix } from 'node:path';
import { fail } from '#core/errors.ts';
import type { Service } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { textsOf } from '../container/values.ts';
import type { ImageAnswer } from './lookup.ts';

/**
 * Folders in which the image keeps data (`VOLUME`) although the file gives them no volume. The engine makes a nameless
 * one for each container, so a new instance would start empty.
 */
export function namelessVolumes(image: ImageAnswer, service: Service): readonly string[] {
  const declared = Object.keys(image.Config?.Volumes ?? {}).map(clean);
  const given = [
    ...(service.volumes ?? []).map((mount) => clean(mount.target)),
    ...textsOf(service.tmpfs).map((entry) => clean(entry.split(':')[0] ?? '')),
  ];
  return declared.filter((path) => !given.includes(path));
}

/**
 * An instance that replaces a stopped one takes over its nameless volumes, as Compose does. Two that run side by side
 * cannot, so there the data would be gone with the deployment.
 *
 * @throws DOCKER_NAMELESS_VOLUME
 */
export function demandKeptData(image: ImageAnswer, spec: ServiceSpec): void {
  const [path] = namelessVolumes(image, spec.service);
  if (path !== undefined && spec.strategy.kind !== 'recreate') {
    throw fail('DOCKER_NAMELESS_VOLUME', { service: spec.name, path });
  }
}

function clean(path: string): string {
  return posix.normalize(path).replace(/(.)\/$/, '$1');
}
