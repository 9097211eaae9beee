import { fail } from '#core/errors.ts';
import type { Project, Volume } from '#model/project.ts';
import { pathOf } from './engine/call.ts';
import type { Engine } from './engine/client.ts';
import { wasRefused } from './engine/refusal.ts';
import { composeLabel, label } from './labels.ts';

interface VolumeAnswer {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** The real name of a volume of the model. */
export function volumeName(project: string, key: string, definition: Volume | null): string {
  return definition?.name ?? (definition?.external === true ? key : `${project}_${key}`);
}

/**
 * Makes the project's volumes that do not exist yet; never changes or deletes one. A volume that exists under the name
 * without being ours is used as it is: its data is what the file asks for.
 *
 * @throws DOCKER_VOLUME_MISSING for an external one, DOCKER_VOLUME_FOREIGN when it is another project's
 */
export async function ensureVolumes(engine: Engine, home: string, model: Project): Promise<void> {
  const wanted = Object.entries(model.volumes ?? {}).map(([key, definition]) => ({
    key,
    name: volumeName(model.name, key, definition),
    definition: definition ?? {},
  }));
  const found = await Promise.all(wanted.map(({ name }) => findVolume(engine, name)));
  wanted.forEach(({ name, definition }, index) => {
    demandUsable(name, definition, found[index], model.name);
  });
  for (const [index, one] of wanted.entries()) {
    if (found[index] === undefined) await makeVolume(engine, { ...one, home, project: model.name });
  }
}

/**
 * Deletes a volume and its data. Only an explicit removal by the user leads here.
 *
 * @throws DOCKER_VOLUME_IN_USE while a container holds it
 */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  try {
    await engine.done({ what: `remove volume ${name}`, method: 'DELETE', path: pathOf('volumes', name) });
  } catch (error) {
    if (wasRefused(error, 404)) return;
    if (wasRefused(error, 409)) throw fail('DOCKER_VOLUME_IN_USE', { name }, { cause: error });
    throw error;
  }
}

async function findVolume(engine: Engine, name: string): Promise<VolumeAnswer | undefined> {
  try {
    return await engine.json<VolumeAnswer>({
      what: `inspect volume ${name}`,
      method: 'GET',
      path: pathOf('volumes', name),
    });
  } catch (error) {
    if (wasRefused(error, 404)) return undefined;
    throw error;
  }
}

function demandUsable(name: string, definition: Volume, found: VolumeAnswer | undefined, project: string): void {
  if (found === undefined) {
    if (definition.external === true) throw fail('DOCKER_VOLUME_MISSING', { name });
    return;
  }
  const owner = found.Labels?.[label.project] ?? found.Labels?.[composeLabel.project];
  if (definition.external !== true && owner !== undefined && owner !== project) {
    throw fail('DOCKER_VOLUME_FOREIGN', { name, owner });
  }
}

interface Making {
  readonly key: string;
  readonly name: string;
  readonly definition: Volume;
  readonly home: string;
  readonly project: string;
}

async function makeVolume(engine: Engine, { key, name, definition, home, project }: Making): Promise<void> {
  const body = {
    Name: name,
    Driver: definition.driver ?? 'local',
    DriverOpts: textMap(definition.driver_opts),
    Labels: {
      ...textMap(definition.labels),
      [composeLabel.project]: project,
      [composeLabel.volume]: key,
      [label.home]: home,
      [label.project]: project,
    },
  };
  await engine.done({ what: `create volume ${name}`, method: 'POST', path: '/volumes/create', body });
}

function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries((value ?? {}) as object).map(([key, one]) => [key, String(one)]));
}
