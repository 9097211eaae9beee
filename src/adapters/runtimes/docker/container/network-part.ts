import type { InstanceSpec } from '#model/instance.ts';
import type { NetworkAttachment, Service } from '#model/project.ts';
import type { NetworkState } from '../state/project-state.ts';
import type { ApiEndpoint } from './api.ts';
import { defined, numberOf, textMapOf, textOf, textsOf } from './values.ts';

/** A network that an instance joins. */
export interface Joining {
  readonly network: NetworkState;
  readonly attachment: NetworkAttachment;
  /** The address we give it there; undefined where the engine chooses. */
  readonly address: string | undefined;
}

/** Is it an instance, which neighbours may find, or a one-off run, which they must not? */
export type Presence = 'instance' | 'one-off';

/** The instance's networks in the order of their `priority`, then by key, as Compose attaches them. */
export function orderedNetworks(service: Service): readonly (readonly [string, NetworkAttachment])[] {
  return Object.entries(service.networks ?? {})
    .map(([key, attachment]) => [key, attachment ?? {}] as const)
    .toSorted(([a, one], [b, other]) => priorityOf(other) - priorityOf(one) || (a < b ? -1 : 1));
}

/** How the container is seen on one network: its names, its addresses. */
export function endpointOf(instance: InstanceSpec, { attachment, address }: Joining, presence: Presence): ApiEndpoint {
  const isInstance = presence === 'instance';
  const ipam = defined({
    IPv4Address: (isInstance ? attachment.ipv4_address : undefined) ?? address,
    IPv6Address: isInstance ? textOf(attachment.ipv6_address) : undefined,
    LinkLocalIPs: attachment.link_local_ips === undefined ? undefined : textsOf(attachment.link_local_ips),
  });
  const links = textsOf(instance.spec.service.external_links);
  return defined({
    Aliases: isInstance ? aliasesOf(instance, attachment) : undefined,
    Links: links.length === 0 ? undefined : links.map((link) => (link.includes(':') ? link : `${link}:${link}`)),
    IPAMConfig: Object.keys(ipam).length === 0 ? undefined : ipam,
    MacAddress: isInstance ? textOf(attachment.mac_address) : undefined,
    DriverOpts: attachment.driver_opts === undefined ? undefined : textMapOf(attachment.driver_opts),
    GwPriority: numberOf(attachment.gw_priority),
  }) as ApiEndpoint;
}

/**
 * Lines for the container's hosts file: the file's own, then every balanced neighbour at its stable address, then the
 * aliases that `links` give to them. A name that the file sets itself stays the file's.
 */
export function extraHosts(instance: InstanceSpec): readonly string[] {
  const given = textsOf(instance.spec.service.extra_hosts).map(hostLine);
  const names = new Set(given.map((line) => line.slice(0, line.indexOf(':'))));
  const stable = [...Object.entries(instance.hosts), ...linkedHosts(instance)];
  return [...given, ...stable.filter(([name]) => !names.has(name)).map(([name, address]) => `${name}:${address}`)];
}

/** `NAME=ADDRESS` is the canonical form; the engine wants a colon, and an IPv6 address has colons of its own. */
export function hostLine(line: string): string {
  const equals = line.indexOf('=');
  return equals < 0 ? line : `${line.slice(0, equals)}:${line.slice(equals + 1)}`;
}

function linkedHosts({ hosts, spec }: InstanceSpec): readonly (readonly [string, string])[] {
  return textsOf(spec.service.links).flatMap((link) => {
    const [service = '', alias] = link.split(':');
    const address = hosts[service];
    return alias === undefined || address === undefined ? [] : [[alias, address] as const];
  });
}

/** Neighbours that ask the engine's DNS and not the hosts file find the instance itself, as with Compose. */
function aliasesOf({ service, spec }: InstanceSpec, attachment: NetworkAttachment): readonly string[] {
  const fixedName = spec.service.container_name;
  return [...new Set([service, ...(fixedName === undefined ? [] : [fixedName]), ...(attachment.aliases ?? [])])];
}

function priorityOf(attachment: NetworkAttachment): number {
  return numberOf(attachment.priority) ?? 0;
}
