import { type Finding, finding } from '#core/finding.ts';
import type { Mount, Project } from '#model/project.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Locate } from '#world/runtime.ts';
import { volumeNames } from './hosts.ts';

/** What is recorded of a project. */
export interface History {
  /** What serves, or served last. */
  readonly serving: Release | undefined;
  /** Every release that is kept. */
  readonly all: readonly Release[];
}

interface Input {
  readonly history: History;
  readonly project: Project;
  readonly services: Readonly<Record<string, ServiceSpec>>;
  readonly locate: Locate;
}

/**
 * A volume that no release has had, where a service has its data in another one, would be empty: a renamed volume, or a
 * runtime that keeps volumes elsewhere. Nothing is deleted, yet to the service all is lost.
 */
export function inspectEmptiedMounts({ history, project, services, locate }: Input): Finding[] {
  const before = history.serving;
  if (before === undefined) return [];
  const known = new Set(
    history.all.flatMap((release) =>
      Object.values(release.services).flatMap((spec) => volumesOf(spec, release.model).map((one) => one.id)),
    ),
  );
  return Object.values(services).flatMap((spec) => {
    const had = before.services[spec.name];
    const mounted = had === undefined ? [] : volumesOf(had, before.model);
    return volumesOf(spec, project).flatMap(({ index, id, name, target, external }) => {
      const old = mounted.find((one) => one.target === target);
      if (old === undefined || external || known.has(id)) return [];
      const at = locate(['services', spec.name, 'volumes', index]);
      const elsewhere = old.name === name ? had?.runtime : undefined;
      return [finding('error', 'VOLUME_EMPTIED', { service: spec.name, target, old: old.name, name, elsewhere }, at)];
    });
  });
}

function volumesOf({ service, runtime }: ServiceSpec, model: Project) {
  const names = volumeNames(model);
  return (service.volumes ?? []).flatMap((mount: Mount, index) => {
    if (mount.type !== 'volume' || mount.source === undefined) return [];
    const name = names[mount.source] ?? mount.source;
    const external = model.volumes?.[mount.source]?.external === true;
    return [{ index, name, target: mount.target, external, id: `${runtime}:${name}` }];
  });
}
