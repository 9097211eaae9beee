import type { Project, Service } from '#model/project.ts';

/**
 * The names that an instance of `service` resolves: its neighbours on a network that both are on, by service name,
 * container name, host name and alias, each at the neighbour's stable address.
 */
export function hostsFor(
  model: Project,
  service: string,
  addresses: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = networksOf(model.services[service]);
  const hosts: Record<string, string> = {};
  for (const [name, neighbour] of Object.entries(model.services)) {
    const address = addresses[name];
    const shared = [...networksOf(neighbour)].filter((network) => own.has(network));
    if (address === undefined || shared.length === 0) continue;
    for (const alias of namesOf(name, neighbour, shared)) hosts[alias] ??= address;
  }
  return hosts;
}

/** A service that names no network is on the default one. */
function networksOf(service: Service | undefined): ReadonlySet<string> {
  const names = Object.keys(service?.networks ?? {});
  return new Set(names.length === 0 ? ['default'] : names);
}

function namesOf(name: string, service: Service, networks: readonly string[]): readonly string[] {
  const aliases = networks.flatMap((network) => service.networks?.[network]?.aliases ?? []);
  return [name, service.container_name, service.hostname, ...aliases].filter((one) => one !== undefined);
}

/** Compose volume keys to the names of the real volumes. */
export function volumeNames(model: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(model.volumes ?? {}).map(([key, volume]) => [key, volume?.name ?? `${model.name}_${key}`]),
  );
}
