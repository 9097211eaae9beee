import { randomBytes } from 'node:crypto';
import { fail } from '#core/errors.ts';
import type { Network, Project } from '#model/project.ts';
import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { refusalText, wasRefused } from '../engine/refusal.ts';
import { composeLabel, label } from '../labels.ts';
import { Lock } from '../state/lock.ts';
import type { NetworkState } from '../state/project-state.ts';
import { describeNetwork, needsSubnet, networkConfig } from './describe.ts';

/** What `GET /networks/NAME` tells, as far as we read it. */
export interface NetworkAnswer {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Internal: boolean;
  readonly IPAM: { readonly Config: readonly { readonly Subnet?: string }[] | null };
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
}

interface Options {
  readonly engine: Engine;
  readonly home: string;
}

/** Reserving a subnet asks the engine twice, so only one network is made at a time. */
const making = new Lock();

/**
 * Makes the project's networks that do not exist yet. Nothing is made when one that must exist is missing.
 *
 * @throws DOCKER_NETWORK_MISSING, DOCKER_NETWORK_FOREIGN, DOCKER_NETWORK_CHANGED
 */
export async function ensureNetworks(options: Options, model: Project): Promise<Record<string, NetworkState>> {
  const wanted = Object.entries(model.networks ?? {}).map(([key, definition]) => wantedOf(model.name, key, definition));
  const found = await Promise.all(wanted.map((one) => findNetwork(options.engine, one.name)));
  wanted.forEach((one, index) => {
    demandUsable(one, found[index], model.name);
  });
  const states: Record<string, NetworkState> = {};
  for (const [index, one] of wanted.entries()) {
    const network = found[index] ?? (await makeNetwork(options, model.name, one));
    states[one.key] = stateOf(network, one.definition.external === true);
  }
  return states;
}

/** Makes those that do not exist as `docker network create NAME` does: nobody's, so that no project takes them along. */
export async function createExternalNetworks(engine: Engine, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if ((await findNetwork(engine, name)) !== undefined) continue;
    const body = { Name: name, CheckDuplicate: true, Driver: 'bridge' };
    await engine.done({ what: `create network ${name}`, method: 'POST', path: '/networks/create', body });
  }
}

/** The network with this name, or undefined. */
export async function findNetwork(engine: Engine, name: string): Promise<NetworkAnswer | undefined> {
  try {
    return await engine.json<NetworkAnswer>({
      what: `inspect network ${name}`,
      method: 'GET',
      path: pathOf('networks', name),
    });
  } catch (error) {
    if (wasRefused(error, 404)) return undefined;
    throw error;
  }
}

interface Wanted {
  readonly key: string;
  readonly name: string;
  readonly definition: Network;
}

function wantedOf(project: string, key: string, definition: Network | null): Wanted {
  const name = definition?.name ?? (definition?.external === true ? key : `${project}_${key}`);
  return { key, name, definition: definition ?? {} };
}

function demandUsable({ name, definition }: Wanted, found: NetworkAnswer | undefined, project: string): void {
  if (found === undefined) {
    if (definition.external === true) throw fail('DOCKER_NETWORK_MISSING', { name });
    return;
  }
  if (definition.external === true) return;
  const labels = found.Labels ?? {};
  const owner = labels[label.project] ?? labels[composeLabel.project];
  if (owner !== project) throw fail('DOCKER_NETWORK_FOREIGN', { name, owner: owner ?? '' });
  const config = labels[label.config];
  if (config !== undefined && config !== networkConfig(definition))
    throw fail('DOCKER_NETWORK_CHANGED', { name, project });
}

async function makeNetwork(options: Options, project: string, wanted: Wanted): Promise<NetworkAnswer> {
  return making.run(async () => {
    await create(options, project, wanted);
    const made = await findNetwork(options.engine, wanted.name);
    if (made === undefined) throw fail('DOCKER_NETWORK_MISSING', { name: wanted.name });
    return made;
  });
}

/** Another tool may take the reserved subnet in between, so a few attempts. */
async function create({ engine, home }: Options, project: string, { key, name, definition }: Wanted): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const subnet = needsSubnet(definition) ? await reserveSubnet(engine, home) : undefined;
    const body = describeNetwork({ key, name, definition, project, home, subnet });
    try {
      return await engine.done({ what: `create network ${name}`, method: 'POST', path: '/networks/create', body });
    } catch (error) {
      if (wasRefused(error, 409)) return;
      const isOverlap = /overlap/i.test(refusalText(error));
      if (subnet === undefined || !isOverlap || attempt === 5) throw error;
    }
  }
}

/**
 * Asks the engine for a subnet in the only way there is: by making a network and reading what it got. The engine knows
 * its configured pools and the host's routes; only a network made with an explicit subnet lets us fix addresses.
 */
async function reserveSubnet(engine: Engine, home: string): Promise<string | undefined> {
  const name = `timonel-reservation-${randomBytes(6).toString('hex')}`;
  const body = { Name: name, Driver: 'bridge', Labels: { [label.reservation]: home } };
  await engine.done({ what: `reserve a subnet`, method: 'POST', path: '/networks/create', body });
  try {
    const network = await findNetwork(engine, name);
    return network?.IPAM.Config?.[0]?.Subnet;
  } finally {
    await removeNetwork(engine, name);
  }
}

/** Removes a network; one that is gone is removed already. */
export async function removeNetwork(engine: Engine, name: string): Promise<void> {
  try {
    await engine.done({ what: `remove network ${name}`, method: 'DELETE', path: pathOf('networks', name) });
  } catch (error) {
    if (!wasRefused(error, 404)) throw error;
  }
}

function stateOf(network: NetworkAnswer, external: boolean): NetworkState {
  const labels = network.Labels ?? {};
  return {
    name: network.Name,
    id: network.Id,
    external,
    internal: network.Internal,
    driver: network.Driver,
    subnets: (network.IPAM.Config ?? []).flatMap((pool) => pool.Subnet ?? []),
    instanceRange: labels[label.instanceRange],
    serviceRange: labels[label.serviceRange],
  };
}
