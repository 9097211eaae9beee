import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';
import type { ContainerInspected, ContainerListed } from './api.ts';

/** The container with this name or id, or undefined. */
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

/** Containers, running or not, that carry all these labels; an undefined value asks for the label alone. */
export function listContainers(
  engine: Engine,
  labels: Readonly<Record<string, string | undefined>>,
): Promise<readonly ContainerListed[]> {
  const wanted = Object.entries(labels).map(([name, value]) => (value === undefined ? name : `${name}=${value}`));
  return engine.json<readonly ContainerListed[]>({
    what: 'list containers',
    method: 'GET',
    path: '/containers/json',
    query: { all: true, filters: { label: wanted } },
  });
}
