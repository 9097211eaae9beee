import type { Project, Service } from '#model/project.ts';
import type { LoadResult } from './contract.ts';
import { hashService } from './render/hash.ts';
import { fullImageName, isPinned, pinnedTo } from './render/image-reference.ts';
import { yamlText } from './render/yaml-text.ts';
import type { TemplateVariable } from './values/template.ts';

export { hashService } from './render/hash.ts';
export { type RenderFormat, type RenderOptions, renderProject } from './render/render.ts';

/** `config --services`: names of the services, sorted. */
export function listServices(project: Project): string[] {
  return Object.keys(project.services).toSorted();
}

/** `config --volumes`: keys of the volumes, sorted. */
export function listVolumes(project: Project): string[] {
  return Object.keys(project.volumes ?? {}).toSorted();
}

/** `config --networks`: keys of the networks, sorted. */
export function listNetworks(project: Project): string[] {
  return Object.keys(project.networks ?? {}).toSorted();
}

/** `config --models`: the language models that the project names, sorted. */
export function listModels(project: Project): string[] {
  const models = Object.values(project.models ?? {}) as readonly { readonly model?: string }[];
  return models.flatMap((one) => one.model ?? []).toSorted();
}

/**
 * `config --images`: the image of each service in the order of their names, what is built being named after the project,
 * and after it the images of its hooks.
 */
export function listImages(project: Project): string[] {
  return listServices(project).flatMap((name) => {
    const service = project.services[name];
    const own = service?.image ?? `${project.name}-${name}`;
    const hooks = (service?.pre_start ?? []) as readonly { readonly image?: string }[];
    return [own, ...hooks.flatMap((hook) => hook.image ?? []).filter((image) => image !== own)];
  });
}

/** `config --profiles`: every profile that a service names, active or not, sorted. */
export function listProfiles(result: Pick<LoadResult, 'project' | 'disabledServices'>): string[] {
  const services: Service[] = [
    ...Object.values(result.project?.services ?? {}),
    ...Object.values(result.disabledServices),
  ];
  return [...new Set(services.flatMap((service) => service.profiles ?? []))].toSorted();
}

/** `config --environment`: what variables are looked up in, as sorted `NAME=value` lines. */
export function listEnvironment(result: Pick<LoadResult, 'environment'>): string[] {
  return Object.entries(result.environment)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
}

/**
 * `config --hash`: `NAME HASH` lines for the named services, or for all when `names` is `*`.
 *
 * @param names service names parted by commas
 */
export function listHashes(project: Project, names: string): string[] {
  const wanted = names === '*' ? listServices(project) : names.split(',');
  return wanted.flatMap((name) => {
    const service = Object.hasOwn(project.services, name) ? project.services[name] : undefined;
    return service === undefined ? [] : [`${name} ${hashService(service)}`];
  });
}

/** `config --variables`: what the files mention, as a table, or as data. */
export function renderVariables(variables: readonly TemplateVariable[], format: 'table' | 'json' | 'yaml'): string {
  const rows = variables.map((variable) => ({
    name: variable.name,
    required: variable.required,
    default: variable.defaultValue ?? '',
    alternate: variable.presenceValue ?? '',
  }));
  if (format === 'table') return variableTable(rows);
  const data = Object.fromEntries(
    rows.map((row) => [
      row.name,
      { Name: row.name, DefaultValue: row.default, PresenceValue: row.alternate, Required: row.required },
    ]),
  );
  return format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : yamlText(data);
}

/**
 * `config --resolve-image-digests`: the project with every image pinned by the digest that `resolve` gives, each asked
 * for once. Images that are pinned already stay.
 *
 * @param resolve gives the digest `sha256:…` of an image by its full name
 */
export async function withImageDigests(
  project: Project,
  resolve: (image: string) => Promise<string>,
): Promise<Project> {
  const asked = new Map<string, Promise<string>>();
  const pinned = (image: string): Promise<string> => {
    if (image === '') return Promise.resolve(image);
    const full = fullImageName(image);
    if (isPinned(image)) return Promise.resolve(full);
    const known = asked.get(full) ?? resolve(full).then((digest) => pinnedTo(image, digest));
    asked.set(full, known);
    return known;
  };
  const services = await Promise.all(
    Object.entries(project.services).map(async ([name, service]) => [name, await pinImages(service, project, pinned)]),
  );
  return { ...project, services: Object.fromEntries(services) as Project['services'] };
}

async function pinImages(
  service: Service,
  project: Project,
  pinned: (image: string) => Promise<string>,
): Promise<Service> {
  const image = service.image === undefined ? {} : { image: await pinned(service.image) };
  const hooks = service.pre_start as readonly { readonly image?: string }[] | undefined;
  const starts = await Promise.all(
    (hooks ?? []).map(async (hook) => ({ ...hook, image: await pinned(hook.image ?? '') })),
  );
  const volumes = await Promise.all(
    (service.volumes ?? []).map(async (mount) => {
      const isImage =
        mount.type === 'image' && mount.source !== undefined && !Object.hasOwn(project.services, mount.source);
      return isImage ? { ...mount, source: await pinned(mount.source ?? '') } : mount;
    }),
  );
  return {
    ...service,
    ...image,
    ...(hooks === undefined ? {} : { pre_start: starts }),
    ...(service.volumes === undefined ? {} : { volumes }),
  };
}

interface VariableRow {
  readonly name: string;
  readonly required: boolean;
  readonly default: string;
  readonly alternate: string;
}

function variableTable(rows: readonly VariableRow[]): string {
  const lines = [
    ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
    ...rows.map((row) => [row.name, String(row.required), row.default, row.alternate]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => (line[column] ?? '').length)) + 2);
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}
