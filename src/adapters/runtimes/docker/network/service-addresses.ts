import { createHash } from 'node:crypto';
import { fail } from '#core/errors.ts';
import type { BlockClaim } from '../host/block-claim.ts';
import { applyFirewall, chainName, type FirewallPlan, removeFirewall } from '../host/firewall.ts';
import { addAddresses, removeAddresses } from '../host/loopback.ts';
import { Lock } from '../state/lock.ts';
import type { NetworkState, ProjectState, ProjectStates, ServiceState } from '../state/project-state.ts';
import {
  type Block,
  contains,
  nextFree,
  parseAddress,
  parseRange,
  type Range,
  renderAddress,
  renderBlock,
  sizeOf,
} from './subnet.ts';

interface Options {
  readonly homeId: string;
  readonly states: ProjectStates;
  readonly claim: BlockClaim;
}

/**
 * The stable addresses of services, on which the proxy listens for their neighbours. They live on the host's loopback
 * interface, where no engine restart or prune takes them away. A service on an `internal` network gets one of that
 * network's own addresses, because its members may have no way out; the host answers for it on the bridge all the same.
 * Measured and argued in docs/decisions/0044-service-addresses.md.
 */
export class ServiceAddresses {
  readonly #options: Options;
  /** Addresses are unique in the home, so giving one out is one thing at a time over all projects. */
  readonly #giving = new Lock();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The service's address, given out on first use; kept as long as the project exists. */
  async of(project: string, service: string): Promise<string> {
    const state = await this.#options.states.read(project);
    const known = state.services[service];
    if (known !== undefined) return known.address;
    await this.ensure(project, { [service]: Object.keys(state.networks) });
    const after = await this.#options.states.read(project);
    return (after.services[service] as ServiceState).address;
  }

  /** Gives every service an address and brings interfaces and packet filter up to date. */
  async ensure(project: string, networksOf: Readonly<Record<string, readonly string[]>>): Promise<void> {
    await this.#giving.run(async () => {
      const taken = await this.#taken();
      const block = await this.#options.claim.block();
      await this.#options.states.change(project, (state) => {
        const services = { ...state.services };
        for (const [service, networks] of Object.entries(networksOf)) {
          const before = services[service];
          const given = before ?? give({ project, service, networks, state, block, taken });
          services[service] = { ...given, networks };
          taken.add(parseAddress(given.address) ?? 0);
        }
        return { ...state, services };
      });
      await this.#apply();
    });
  }

  /** Puts everything back that a reboot, an engine restart or somebody's flush took away. */
  async restore(): Promise<void> {
    const states = await this.#options.states.all();
    if (states.size === 0) return;
    await this.#giving.run(() => this.#apply());
  }

  /** Takes a project's addresses off the host; its state is the caller's to forget, after this. */
  async release(project: string): Promise<void> {
    await this.#giving.run(async () => {
      const state = await this.#options.states.read(project);
      await removeAddresses(Object.values(state.services).map((service) => service.address));
      await this.#options.states.change(project, (before) => ({ ...before, services: {} }));
      await this.#apply();
    });
  }

  async #apply(): Promise<void> {
    const states = [...(await this.#options.states.all()).values()];
    const services = states.flatMap((state) => Object.values(state.services));
    if (services.length === 0) {
      await removeFirewall(chainName(this.#options.homeId));
      return this.#options.claim.release();
    }
    await addAddresses(services.map((service) => service.address));
    await applyFirewall(planFirewall(chainName(this.#options.homeId), await this.#options.claim.block(), states));
  }

  async #taken(): Promise<Set<number>> {
    const states = [...(await this.#options.states.all()).values()];
    const addresses = states.flatMap((state) => Object.values(state.services)).map((one) => parseAddress(one.address));
    return new Set(addresses.filter((address) => address !== undefined));
  }
}

interface Wanted {
  readonly project: string;
  readonly service: string;
  readonly networks: readonly string[];
  readonly state: ProjectState;
  readonly block: Block;
  readonly taken: ReadonlySet<number>;
}

function give(wanted: Wanted): ServiceState {
  const { networks, state, block, taken } = wanted;
  const closed = networks.map((key) => state.networks[key]).find(isClosed);
  const range = closed === undefined ? wholeOf(block) : (parseRange(closed.serviceRange) as Range);
  const address = nextFree(range, preferred(wanted, range), taken);
  if (address === undefined) throw fail('DOCKER_ADDRESSES_TAKEN', { block: closed?.name ?? renderBlock(block) });
  return { address: renderAddress(address), networks };
}

/** An internal network in which we may give out addresses. */
function isClosed(network: NetworkState | undefined): network is NetworkState & { serviceRange: string } {
  return network?.internal === true && network.serviceRange !== undefined;
}

/** From the names, so that a state that was lost is most likely made again as it was. */
function preferred({ project, service }: Wanted, range: Range): number {
  const hash = createHash('sha256').update(`${project}/${service}`).digest().readUInt32BE();
  return range.first + (hash % (range.last - range.first + 1));
}

function wholeOf(block: Block): Range {
  return { first: block.base + 1, last: block.base + sizeOf(block.bits) - 2 };
}

function planFirewall(chain: string, block: Block, states: readonly ProjectState[]): FirewallPlan {
  const admissions = states.flatMap((state) =>
    Object.values(state.services).map((service) => ({
      address: service.address,
      from: service.networks.flatMap((key) => state.networks[key]?.subnets ?? []).filter((one) => !one.includes(':')),
    })),
  );
  const outside = admissions.filter((one) => !contains(block, parseAddress(one.address) ?? 0));
  return { chain, guarded: [renderBlock(block), ...outside.map((one) => `${one.address}/32`)], admissions };
}
