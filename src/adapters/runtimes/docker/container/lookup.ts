import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';
import type { ContainerInspected, ContainerListed } from './api.ts';

/** The container with this name or id, or undefined; as the engine knows it. */
export async function inspectContainer(engine: Engine, name: string): Promise<ContainerInspected | undefined> {
  try {
    return await engine.json<ContainerInspected>({
      what: `inspect ${name}`,
      method: 'GET',
      path: pathOf('containers', name, 'json'),
    });
  } catch (error) {
    if (wasRefused(error, 404)) return undefined;
    throw error;
  }
}

/** Labels that a container must carry; an undefined value asks for the label alone. */
export type WantedLabels = Readonly<Record<string, string | undefined>>;

/** Containers, running or not, that carry all these labels; as the engine knows them. */
export function listContainers(engine: Engine, labels: WantedLabels): Promise<readonly ContainerListed[]> {
  const wanted = Object.entries(labels).map(([name, value]) => (value === undefined ? name : `${name}=${value}`));
  return engine.json<readonly ContainerListed[]>({
    what: 'list containers',
    method: 'GET',
    path: '/containers/json',
    query: { all: true, filters: { label: wanted } },
  });
}

/** Containers with these ids that still exist. */
export function listById(engine: Engine, ids: readonly string[]): Promise<readonly ContainerListed[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return engine.json<readonly ContainerListed[]>({
    what: 'list containers',
    method: 'GET',
    path: '/containers/json',
    query: { all: true, filters: { id: ids } },
  });
}
