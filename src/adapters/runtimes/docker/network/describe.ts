import { fingerprint } from '#core/hash.ts';
import type { Network } from '#model/project.ts';
import { composeLabel, label } from '../labels.ts';
import { divide, parseBlock, renderBlock, renderRange } from './subnet.ts';

/** One address pool of a network, as the Engine API names it. */
export interface Pool {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
}

/** Body of `POST /networks/create`. */
export interface NetworkDescription {
  readonly Name: string;
  readonly CheckDuplicate: true;
  readonly Driver: string;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly EnableIPv6: boolean;
  readonly EnableIPv4?: boolean;
  readonly Options: Readonly<Record<string, string>>;
  readonly IPAM: {
    readonly Driver: string;
    readonly Config: readonly Pool[];
    readonly Options: Readonly<Record<string, string>>;
  };
  readonly Labels: Readonly<Record<string, string>>;
}

export interface NetworkRequest {
  readonly key: string;
  readonly name: string;
  readonly definition: Network;
  readonly project: string;
  readonly home: string;
  /** The subnet to use where the file names none. */
  readonly subnet: string | undefined;
}

/** Does the file leave the subnet to us? Only bridge networks get one that we divide. */
export function needsSubnet(definition: Network): boolean {
  return driverOf(definition) === 'bridge' && ipv4Pool(poolsOf(definition)) === undefined;
}

export function driverOf(definition: Network): string {
  return typeof definition.driver === 'string' ? definition.driver : 'bridge';
}

/** What identifies a network's description: a change of it needs a new network. */
export function networkConfig(definition: Network): string {
  const { name: _name, labels: _labels, external: _external, ...rest } = definition;
  return fingerprint(rest);
}

/** The request that makes a project's network: the file's words, the subnet divided, our labels. */
export function describeNetwork(request: NetworkRequest): NetworkDescription {
  const { definition, key, project, home } = request;
  const pools = dividedPools(request);
  return {
    Name: request.name,
    CheckDuplicate: true,
    Driver: driverOf(definition),
    Internal: definition.internal === true,
    Attachable: definition.attachable === true,
    EnableIPv6: definition.enable_ipv6 === true,
    ...(definition.enable_ipv4 === false ? { EnableIPv4: false } : {}),
    Options: textMap(definition.driver_opts),
    IPAM: {
      Driver: ipamOf(definition).driver ?? 'default',
      Config: pools,
      Options: textMap(ipamOf(definition).options),
    },
    Labels: {
      ...textMap(definition.labels),
      [composeLabel.project]: project,
      [composeLabel.network]: key,
      [label.home]: home,
      [label.project]: project,
      [label.config]: networkConfig(definition),
      ...rangeLabels(ipv4Pool(pools), driverOf(definition)),
    },
  };
}

interface Ipam {
  readonly driver?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly config?: readonly {
    readonly subnet?: string;
    readonly ip_range?: string;
    readonly gateway?: string;
    readonly aux_addresses?: Readonly<Record<string, string>>;
  }[];
}

function ipamOf(definition: Network): Ipam {
  return (definition.ipam ?? {}) as Ipam;
}

function poolsOf(definition: Network): readonly Pool[] {
  return (ipamOf(definition).config ?? []).map((pool) => ({
    ...(pool.subnet === undefined ? {} : { Subnet: pool.subnet }),
    ...(pool.ip_range === undefined ? {} : { IPRange: pool.ip_range }),
    ...(pool.gateway === undefined ? {} : { Gateway: pool.gateway }),
    ...(pool.aux_addresses === undefined ? {} : { AuxiliaryAddresses: pool.aux_addresses }),
  }));
}

/** The pools of the file, or ours; where the file names no range for the engine, it gets the lower half. */
function dividedPools({ definition, subnet }: NetworkRequest): readonly Pool[] {
  const pools = poolsOf(definition);
  const all = ipv4Pool(pools) === undefined && subnet !== undefined ? [{ Subnet: subnet }, ...pools] : pools;
  if (driverOf(definition) !== 'bridge') return all;
  return all.map((pool) => {
    const block = parseBlock(pool.Subnet ?? '');
    const division = block === undefined ? undefined : divide(block);
    if (division === undefined || pool.IPRange !== undefined) return pool;
    return { ...pool, IPRange: renderBlock(division.dynamic) };
  });
}

function ipv4Pool(pools: readonly Pool[]): Pool | undefined {
  return pools.find((pool) => parseBlock(pool.Subnet ?? '') !== undefined);
}

/** Which addresses we give out, kept on the network itself; none where the file reserves a range of its own. */
function rangeLabels(pool: Pool | undefined, driver: string): Record<string, string> {
  const block = parseBlock(pool?.Subnet ?? '');
  const division = block === undefined || driver !== 'bridge' ? undefined : divide(block);
  if (division === undefined || pool?.IPRange !== renderBlock(division.dynamic)) return {};
  return {
    [label.instanceRange]: renderRange(division.instances),
    [label.serviceRange]: renderRange(division.services),
  };
}

function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries((value ?? {}) as object).map(([key, one]) => [key, String(one)]));
}
