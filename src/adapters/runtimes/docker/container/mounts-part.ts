import { isAbsolute, resolve } from 'node:path';
import type { InstanceSpec } from '#model/instance.ts';
import type { Mount, Service } from '#model/project.ts';
import type { ApiMount } from './api.ts';
import type { VolumesByPath } from './inherited-volumes.ts';
import { bytesOf, defined, mapOf, numberOf, textMapOf, textOf, textsOf } from './values.ts';

interface Beside {
  /** Secrets and configs. */
  readonly granted: readonly ApiMount[];
  readonly inherited: VolumesByPath;
}

/** Volumes, binds and tmpfs of the container, for its HostConfig. */
export function mountsPart(instance: InstanceSpec, { granted, inherited }: Beside): Record<string, unknown> {
  const { service } = instance.spec;
  const mounts = (service.volumes ?? []).map((mount) => withInherited(mount, inherited));
  const labelled = mounts.filter(wantsSelinux);
  const targets = new Set([...mounts.map((mount) => mount.target), ...Object.keys(tmpfsOf(service) ?? {})]);
  const images = Object.entries(inherited).filter(([target]) => !targets.has(target));
  return defined({
    Mounts: [
      ...mounts.filter((one) => !wantsSelinux(one)).map((one) => mountOf(one, instance)),
      ...granted,
      ...images.map(volumeAt),
    ],
    // The API knows SELinux labels only in this old form. Sources were found to exist, so it creates nothing.
    Binds: labelled.length === 0 ? undefined : labelled.map((one) => bindOf(one, instance.directory)),
    Tmpfs: tmpfsOf(service),
  });
}

/** Absolute paths on the host that must exist before the container is made: the engine would create empty folders. */
export function bindSources(service: Service, directory: string): readonly string[] {
  return (service.volumes ?? [])
    .filter((mount) => mount.type === 'bind')
    .map((mount) => resolve(directory, mount.source ?? ''));
}

/** A volume without a source has no name; where the instance before had one, it is taken over. */
function withInherited(mount: Mount, inherited: VolumesByPath): Mount {
  const isNameless = mount.type === 'volume' && (mount.source === undefined || mount.source === '');
  const volume = isNameless ? inherited[mount.target] : undefined;
  return volume === undefined ? mount : { ...mount, source: volume };
}

function volumeAt([Target, Source]: readonly [string, string]): ApiMount {
  return { Type: 'volume', Source, Target };
}

function mountOf(mount: Mount, instance: InstanceSpec): ApiMount {
  const common = {
    Type: mount.type,
    Target: mount.target,
    ...(mount.read_only === true ? { ReadOnly: true } : {}),
    ...(typeof mount.consistency === 'string' ? { Consistency: mount.consistency } : {}),
  };
  switch (mount.type) {
    case 'bind':
      return {
        ...common,
        Source: resolve(instance.directory, mount.source ?? ''),
        ...optional('BindOptions', bindOptions(mount)),
      };
    case 'volume':
      return { ...common, ...volumeSource(mount, instance), ...optional('VolumeOptions', volumeOptions(mount)) };
    case 'tmpfs':
      return { ...common, ...optional('TmpfsOptions', tmpfsOptions(mount)) };
    default:
      return { ...common, Source: mount.source ?? '', ...optional('ImageOptions', imageOptions(mount)) };
  }
}

/** No source: a volume of the container's own, without a name. */
function volumeSource(mount: Mount, instance: InstanceSpec): { Source?: string } {
  if (mount.source === undefined || mount.source === '') return {};
  return { Source: instance.volumes[mount.source] ?? mount.source };
}

function optional(name: string, options: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(options).length === 0 ? {} : { [name]: options };
}

function bindOptions({ bind }: Mount): Record<string, unknown> {
  const recursive = textOf(bind?.recursive);
  return defined({
    Propagation: textOf(bind?.propagation),
    NonRecursive: recursive === 'disabled' ? true : undefined,
    ReadOnlyNonRecursive: recursive === 'writable' ? true : undefined,
    ReadOnlyForceRecursive: recursive === 'readonly' ? true : undefined,
  });
}

function volumeOptions({ volume }: Mount): Record<string, unknown> {
  return defined({
    NoCopy: volume?.nocopy,
    Subpath: textOf(volume?.subpath),
    Labels: volume?.labels === undefined ? undefined : textMapOf(volume.labels),
  });
}

function tmpfsOptions({ tmpfs }: Mount): Record<string, unknown> {
  return defined({ SizeBytes: bytesOf(tmpfs?.size), Mode: numberOf(tmpfs?.mode) });
}

function imageOptions(mount: Mount): Record<string, unknown> {
  return defined({ Subpath: textOf(mapOf(mount.image).subpath) });
}

function wantsSelinux(mount: Mount): boolean {
  return mount.type === 'bind' && mount.bind?.selinux !== undefined;
}

function bindOf(mount: Mount, directory: string): string {
  const source = mount.source ?? '';
  const options = [
    textOf(mount.bind?.selinux),
    mount.read_only === true ? 'ro' : 'rw',
    textOf(mount.bind?.propagation),
  ];
  const path = isAbsolute(source) ? source : resolve(directory, source);
  return [path, mount.target, options.filter((one) => one !== undefined).join(',')].join(':');
}

function tmpfsOf(service: Service): Record<string, string> | undefined {
  const entries = textsOf(service.tmpfs);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(':');
      return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );
}
