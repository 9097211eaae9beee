import type { InstanceSpec } from '#model/instance.ts';

interface HostsInput {
  readonly instance: InstanceSpec;
  readonly address: string;
  readonly hostname: string;
  /** The machine's own /etc/hosts, for services that share its network by `network_mode: host`. */
  readonly machine: string;
}

/**
 * The instance's private /etc/hosts. `localhost` is the instance's own address: it is told to listen there, so what
 * asks itself through `localhost`, as a healthcheck does in a container, finds it (docs/decisions, "localhost").
 */
export function hostsFile({ instance, address, hostname, machine }: HostsInput): string {
  const { service } = instance.spec;
  const known = { ...instance.hosts, ...linkAliases(service.links, instance.hosts) };
  const lines = [
    ...(service.network_mode === 'host' ? localhostLines(machine) : [`${address} localhost`]),
    '::1 ip6-localhost ip6-loopback',
    `${address} ${ownNames(hostname, service.domainname)}`,
    ...extraHosts(service.extra_hosts).map(([name, where]) => `${where} ${name}`),
    ...Object.entries(known).map(([name, where]) => `${where} ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

function ownNames(hostname: string, domain: unknown): string {
  return typeof domain === 'string' && domain !== '' ? `${hostname}.${domain} ${hostname}` : hostname;
}

function localhostLines(machine: string): readonly string[] {
  const found = machine.split('\n').filter((line) => /^\s*(127\.|::1)\S*\s.*\blocalhost\b/.test(line));
  return found.length === 0 ? ['127.0.0.1 localhost'] : found;
}

/** `name=address` or `name:address`; the machine itself, `host-gateway`, is at its loopback. */
export function extraHosts(value: readonly string[] | undefined): readonly (readonly [string, string])[] {
  return (value ?? []).flatMap((entry) => {
    const split = /^([^=:]+)[=:](.+)$/.exec(entry);
    if (split === null) return [];
    const [, name = '', where = ''] = split;
    return [[name, where === 'host-gateway' ? '127.0.0.1' : where.replace(/^\[(.*)\]$/, '$1')] as const];
  });
}

/** `links: ["db:database"]` gives the neighbour a second name. */
function linkAliases(links: unknown, hosts: Readonly<Record<string, string>>): Record<string, string> {
  if (!Array.isArray(links)) return {};
  const pairs = links.map((link) => String(link).split(':'));
  return Object.fromEntries(
    pairs.flatMap(([service = '', alias = '']) => {
      const address = hosts[service];
      return alias === '' || address === undefined ? [] : [[alias, address]];
    }),
  );
}

/**
 * The private /etc/resolv.conf, where the service sets `dns` or its companions; else undefined. What it does not say is as
 * in the machine's own, `machine`.
 */
export function resolverFile(service: InstanceSpec['spec']['service'], machine: string): string | undefined {
  const servers = words(service.dns).map((one) => `nameserver ${one}`);
  const search = words(service.dns_search);
  const options = words(service.dns_opt);
  if (servers.length + search.length + options.length === 0) return undefined;
  const own = (keyword: string): string[] => machine.split('\n').filter((line) => line.startsWith(`${keyword} `));
  const lines = [
    ...(servers.length > 0 ? servers : own('nameserver')),
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : own('search')),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : own('options')),
  ];
  return `${lines.join('\n')}\n`;
}

function words(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : [];
}
