import { fail } from '#core/errors.ts';
import type { ContainerListed } from '../container/api.ts';
import type { Joining } from '../container/network-part.ts';
import { label } from '../labels.ts';
import type { ProjectState } from '../state/project-state.ts';
import { nextFree, parseAddress, parseRange, renderAddress } from './subnet.ts';

interface Chosen {
  readonly joining: readonly Joining[];
  readonly cursors: ProjectState['cursors'];
}

/**
 * Gives an instance a fixed address on each network that lets us, so that a restart of the container or the engine
 * never moves it to where the proxy thinks another one is. The search goes on where the last one ended: an address that
 * was just freed rests for as long as the range allows.
 *
 * @throws DOCKER_ADDRESSES_TAKEN when a network is full
 */
export function chooseAddresses(
  wanted: readonly Joining[],
  cursors: ProjectState['cursors'],
  containers: readonly ContainerListed[],
): Chosen {
  const after = { ...cursors };
  const joining = wanted.map((one): Joining => {
    const range = parseRange(one.network.instanceRange ?? '');
    if (range === undefined || one.attachment.ipv4_address !== undefined) return one;
    const { name } = one.network;
    const address = nextFree(range, after[name] ?? range.first, takenOn(name, containers));
    if (address === undefined) throw fail('DOCKER_ADDRESSES_TAKEN', { block: name });
    after[name] = address + 1;
    return { ...one, address: renderAddress(address) };
  });
  return { joining, cursors: after };
}

/** Addresses that containers have or will have when they start again, stopped ones too. */
function takenOn(network: string, containers: readonly ContainerListed[]): Set<number> {
  const addresses = containers.flatMap((container) => {
    const endpoint = container.NetworkSettings.Networks?.[network];
    const noted = container.Labels[label.network] === network ? container.Labels[label.address] : undefined;
    return [endpoint?.IPAddress, endpoint?.IPAMConfig?.IPv4Address, noted].map((one) => parseAddress(one ?? ''));
  });
  return new Set(addresses.filter((address) => address !== undefined));
}
