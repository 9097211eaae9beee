import type { FoundContainer, FoundMount, FoundPort, FoundProcess } from '#world/adoption.ts';
import type { ContainerInspected } from '../container/api.ts';
import { inspectContainer, listContainers } from '../container/lookup.ts';
import { directConnections } from '../host/connections.ts';
import { findImage, type ImageAnswer, portsOf } from '../images/lookup.ts';
import { composeLabel, label } from '../labels.ts';
import type { Parts } from '../parts.ts';

/** Containers of the project that Compose made and nobody has taken over. */
export async function findContainers({ engine, states }: Parts, project: string): Promise<readonly FoundContainer[]> {
  const listed = await listContainers(engine, { [composeLabel.project]: project, [composeLabel.service]: undefined });
  const { adopted } = await states.read(project);
  const taken = new Set(Object.values(adopted).map((one) => one.container));
  const strange = listed.filter(
    (one) =>
      one.Labels[label.home] === undefined &&
      one.Labels[composeLabel.oneOff]?.toLowerCase() !== 'true' &&
      !taken.has(one.Id),
  );
  const found = await Promise.all(
    strange.map(async (one) => {
      const container = await inspectContainer(engine, one.Id);
      if (container === undefined) return [];
      const [image, openConnections] = await Promise.all([
        findImage(engine, container.Image),
        connectionsTo(container),
      ]);
      return [{ ...describe(container, image), openConnections }];
    }),
  );
  return found.flat().toSorted((a, b) => (a.service < b.service ? -1 : 1) || a.number - b.number);
}

/** Connections to a container's published ports that do not pass our proxy. */
export async function connectionsTo(container: ContainerInspected): Promise<number> {
  if (!container.State.Running) return 0;
  const ports = publishedOf(container).map((port) => port.target);
  return directConnections(container.State.Pid, [...new Set(ports)]);
}

function describe(
  container: ContainerInspected,
  image: ImageAnswer | undefined,
): Omit<FoundContainer, 'openConnections'> {
  const { Config, State, NetworkSettings, HostConfig } = container;
  const labels = Config.Labels ?? {};
  const networks = Object.keys(NetworkSettings.Networks ?? {});
  const digests = (image?.RepoDigests ?? []).map((one) => one.slice(one.indexOf('@') + 1));
  return {
    container: container.Id,
    name: container.Name.slice(1),
    service: labels[composeLabel.service] ?? '',
    number: Number(labels[composeLabel.number] ?? 1),
    state: State.Running ? 'running' : 'exited',
    exitCode: State.ExitCode,
    address: HostConfig.NetworkMode === 'host' ? '127.0.0.1' : firstAddress(container),
    image: {
      source: {
        kind: 'image',
        reference: Config.Image,
        revision: digests[0] ?? container.Image,
        ports: image === undefined ? [] : portsOf(image),
      },
      names: [container.Image, ...digests, ...(image?.RepoTags ?? [])],
      process: processOf(image?.Config ?? {}),
    },
    process: processOf(Config),
    mounts: mountsOf(container, image),
    published: publishedOf(container),
    onIpv6: publishedOnIpv6(container),
    networks,
  };
}

/** Where the container's ports are published on the host, once for each; IPv6 twins are left out. */
export function publishedOf(container: ContainerInspected): readonly FoundPort[] {
  return bindingsOf(container).filter((one) => !isIpv6(one));
}

function publishedOnIpv6(container: ContainerInspected): readonly number[] {
  return bindingsOf(container)
    .filter((one) => isIpv6(one) && one.protocol === 'tcp')
    .map((one) => one.port);
}

function isIpv6({ address }: FoundPort): boolean {
  return address.includes(':');
}

function bindingsOf({ HostConfig, NetworkSettings }: ContainerInspected): readonly FoundPort[] {
  const bound = Object.keys(NetworkSettings.Ports ?? {}).length > 0 ? NetworkSettings.Ports : HostConfig.PortBindings;
  return Object.entries(bound ?? {}).flatMap(([key, bindings]) => {
    const [target = '', protocol] = key.split('/');
    return (bindings ?? [])
      .filter(({ HostPort }) => HostPort !== '')
      .map(({ HostIp, HostPort }) => ({
        address: HostIp === undefined || HostIp === '' ? '0.0.0.0' : HostIp,
        port: Number(HostPort),
        target: Number(target),
        protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
      }));
  });
}

/** Its address on the first network, in the order of their names, that gave it one. */
function firstAddress(container: ContainerInspected): string | undefined {
  const networks = container.NetworkSettings.Networks ?? {};
  const name = reachableNetwork(container);
  return name === undefined ? undefined : networks[name]?.IPAddress;
}

export function reachableNetwork({ NetworkSettings }: ContainerInspected): string | undefined {
  const networks = Object.entries(NetworkSettings.Networks ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return networks.find(([, endpoint]) => endpoint.IPAddress !== '')?.[0];
}

type Config = Pick<ContainerInspected['Config'], 'Env' | 'Cmd' | 'Entrypoint' | 'User'>;

function processOf({ Env, Cmd, Entrypoint, User }: Config): FoundProcess {
  const pairs = (Env ?? []).map((one): [string, string] => {
    const equals = one.indexOf('=');
    return equals < 0 ? [one, ''] : [one.slice(0, equals), one.slice(equals + 1)];
  });
  return {
    // Old Compose writes a hint for Swarm between the variables when it replaces a container.
    environment: Object.fromEntries(pairs.filter(([name]) => !name.startsWith('affinity:'))),
    command: Cmd ?? [],
    entrypoint: Entrypoint ?? [],
    user: User ?? '',
  };
}

/** Volumes that nobody named, which the image asks for, are no wish of the file. */
function mountsOf({ Mounts }: ContainerInspected, image: ImageAnswer | undefined): readonly FoundMount[] {
  const ofImage = new Set(Object.keys(image?.Config?.Volumes ?? {}));
  return (Mounts ?? [])
    .filter((one) => !(ofImage.has(one.Destination) && /^[0-9a-f]{64}$/.test(one.Name ?? '')))
    .map((one) => ({ type: one.Type, source: one.Name ?? one.Source ?? '', target: one.Destination }));
}
