import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project, Service } from '#model/project.ts';
import { label } from './labels.ts';
import { ensureNetworks, removeNetwork } from './network/ensure-networks.ts';
import type { Parts } from './parts.ts';
import { ensureVolumes } from './volumes.ts';

/** Makes the project's volumes, networks and service addresses that do not exist yet. */
export async function ensureProject(parts: Parts, model: Project): Promise<void> {
  const { engine, home, states, addresses } = parts;
  await removeReservations(parts);
  const networks = await ensureNetworks({ engine, home: home.id }, model);
  await ensureVolumes(engine, home.id, model);
  await states.change(model.name, (state) => ({ ...state, networks: { ...state.networks, ...networks } }));
  const networksOf = Object.entries(model.services).map(([name, service]) => [name, networkKeys(service)] as const);
  await addresses.ensure(model.name, Object.fromEntries(networksOf));
}

/** Forgets a project whose instances are gone: its networks, addresses and state. Volumes and logs stay. */
export async function removeProject(parts: Parts, project: string): Promise<void> {
  const { engine, home, states, addresses, diverter } = parts;
  await diverter.set(project, []);
  await addresses.release(project);
  for (const name of await networksWith(parts, { [label.home]: home.id, [label.project]: project })) {
    await removeNetwork(engine, name);
  }
  await rm(join(home.files, project), { recursive: true, force: true });
  await states.forget(project);
}

function networkKeys(service: Service): readonly string[] {
  return Object.keys(service.networks ?? {});
}

/** Networks that held a subnet for a moment, of a daemon that died in that moment. */
async function removeReservations(parts: Parts): Promise<void> {
  for (const name of await networksWith(parts, { [label.reservation]: parts.home.id })) {
    await removeNetwork(parts.engine, name);
  }
}

async function networksWith({ engine }: Parts, labels: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const networks = await engine.json<readonly { Name: string }[]>({
    what: 'list networks',
    method: 'GET',
    path: '/networks',
    query: { filters: { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) } },
  });
  return networks.map((network) => network.Name);
}
