import { resolve } from 'node:path';
import { type Finding, finding } from '#core/finding.ts';
import type { Mount } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { FoundContainer, FoundProcess } from '#world/adoption.ts';

/** What the comparison of a container with its service needs to know of the project. */
export interface Surroundings {
  readonly directory: string;
  /** Real names of volumes and networks, by their keys in the file. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly networks: Readonly<Record<string, string>>;
}

/**
 * In what a container that another tool made differs from its service, one finding each, without any value of a
 * variable: it may be a secret. None means that the container may stay when the file is deployed.
 */
export function differencesOf(spec: ServiceSpec, found: FoundContainer, around: Surroundings): readonly Finding[] {
  return [
    ...imageDifference(spec, found),
    ...processDifferences(spec, found),
    ...variableDifferences(spec, found),
    ...listDifference(spec, 'volumes', wantedMounts(spec, around), foundMounts(spec, found)),
    ...(spec.service.network_mode === undefined
      ? listDifference(spec, 'networks', wantedNetworks(spec, around), found.networks)
      : []),
  ];
}

/** The environment, command and user that the container has once the file's are laid over the image's. */
function wantedProcess({ service, environment }: ServiceSpec, image: FoundProcess): FoundProcess {
  const entrypoint = service.entrypoint ?? undefined;
  // A new entrypoint does away with the image's command, as in Compose.
  const command = service.command ?? (entrypoint === undefined ? image.command : []);
  return {
    environment: { ...image.environment, ...environment },
    command,
    entrypoint: entrypoint ?? image.entrypoint,
    user: service.user ?? image.user,
  };
}

function imageDifference({ name, service, source }: ServiceSpec, { image }: FoundContainer): readonly Finding[] {
  if (service.build !== undefined)
    return [finding('warning', 'ADOPT_BUILD_UNKNOWN', { service: name, image: image.source.reference })];
  if (image.names.includes(source.revision)) return [];
  return [differs(name, 'image', short(source.revision), short(image.source.revision))];
}

function processDifferences(spec: ServiceSpec, { image, process: real }: FoundContainer): readonly Finding[] {
  const wanted = wantedProcess(spec, image.process);
  return (['command', 'entrypoint', 'user'] as const).flatMap((what) => {
    const [file, runs] = [shown(wanted[what]), shown(real[what])];
    return file === runs ? [] : [differs(spec.name, what, file, runs)];
  });
}

function variableDifferences(spec: ServiceSpec, { image, process: real }: FoundContainer): readonly Finding[] {
  const wanted = wantedProcess(spec, image.process).environment;
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(real.environment)])].toSorted();
  return names.flatMap((name) => {
    const [file, runs] = [wanted[name], real.environment[name]];
    if (file === runs || (name === 'PATH' && file === undefined)) return [];
    const how = file === undefined ? 'only-container' : runs === undefined ? 'only-file' : 'value';
    return [finding('warning', 'ADOPT_VARIABLE_DIFFERS', { service: spec.name, name, how })];
  });
}

function wantedMounts({ service }: ServiceSpec, { directory, volumes }: Surroundings): readonly string[] {
  return (service.volumes ?? []).flatMap((mount) => {
    const source = sourceOf(mount);
    if (source === '') return [];
    const real = mount.type === 'bind' ? resolve(directory, source) : (volumes[source] ?? source);
    return [`${real}:${mount.target}`];
  });
}

function sourceOf(mount: Mount): string {
  return mount.type === 'bind' || mount.type === 'volume' ? (mount.source ?? '') : '';
}

/** Without secrets and configs, which are files of ours, and without volumes that have no name. */
function foundMounts({ files }: ServiceSpec, { mounts }: FoundContainer): readonly string[] {
  const granted = new Set(files.map((file) => file.target));
  return mounts
    .filter(({ type, target }) => (type === 'bind' || type === 'volume') && !granted.has(target))
    .filter(({ source }) => !/^[0-9a-f]{64}$/.test(source))
    .map(({ source, target }) => `${source}:${target}`);
}

function wantedNetworks({ service }: ServiceSpec, { networks }: Surroundings): readonly string[] {
  return Object.keys(service.networks ?? { default: null }).map((key) => networks[key] ?? key);
}

function listDifference(
  { name }: ServiceSpec,
  what: string,
  wanted: readonly string[],
  found: readonly string[],
): readonly Finding[] {
  const [file, runs] = [shown(wanted.toSorted()), shown(found.toSorted())];
  return file === runs ? [] : [differs(name, what, file, runs)];
}

function differs(service: string, what: string, file: string, runs: string): Finding {
  return finding('warning', 'ADOPT_DIFFERS', { service, what, file, runs });
}

function shown(value: string | readonly string[]): string {
  if (typeof value === 'string') return value === '' ? '-' : value;
  return value.length === 0 ? '-' : value.join(' ');
}

function short(revision: string): string {
  return revision.replace(/^sha256:/, '').slice(0, 12);
}
