import type { InstanceSpec } from '#model/instance.ts';
import { instanceLabels, label } from '../labels.ts';
import { imageTag } from '../names.ts';
import type { ApiMount, ContainerBody } from './api.ts';
import { hookLabels } from './hooks.ts';
import type { VolumesByPath } from './inherited-volumes.ts';
import { loggingPart } from './logging-part.ts';
import { mountsPart } from './mounts-part.ts';
import { endpointOf, extraHosts, type Joining, type Presence } from './network-part.ts';
import { processPart } from './process-part.ts';
import { resourcesPart } from './resources-part.ts';
import { securityPart } from './security-part.ts';
import { defined, textOf } from './values.ts';

/** What was looked up for an instance before its container can be described. */
export interface Facts {
  readonly home: string;
  readonly image: string;
  readonly joining: readonly Joining[];
  readonly granted: readonly ApiMount[];
  /** Nameless volumes of the instance that this one replaces. */
  readonly inherited: VolumesByPath;
  /** `security_opt` with the contents of profile files in place of their paths. */
  readonly security: readonly string[];
  /** Modes that named another service, with the container that stands for it: `container:ID`. */
  readonly modes: { readonly network?: string; readonly pid?: string; readonly ipc?: string };
  readonly volumesFrom: readonly string[];
  /** The address that is known already: given by us, by the file, or that of the host. */
  readonly address: string | undefined;
  /** A one-off run answers to no name and takes no fixed address. */
  readonly presence: Presence;
}

/** The container of an instance, as the Engine API wants it. Pure. */
export function describeContainer(instance: InstanceSpec, facts: Facts): ContainerBody {
  const { service } = instance.spec;
  const first = facts.joining[0];
  return {
    Image: facts.image,
    ...processPart(instance),
    ...defined({ MacAddress: textOf(service.mac_address) }),
    Labels: {
      ...service.labels,
      ...instanceLabels(instance, facts.home),
      [label.image]: imageTag(instance.project, instance.spec.source),
      ...hookLabels(service),
      ...addressLabels(facts),
    },
    HostConfig: {
      ...resourcesPart(service),
      ...securityPart(service, facts.security),
      ...mountsPart(instance, facts),
      ...loggingPart(service),
      ...defined({
        NetworkMode: facts.modes.network ?? service.network_mode ?? first?.network.name ?? 'none',
        PidMode: facts.modes.pid ?? textOf(service.pid),
        IpcMode: facts.modes.ipc ?? textOf(service.ipc),
        VolumesFrom: facts.volumesFrom.length === 0 ? undefined : facts.volumesFrom,
        ExtraHosts: hostsPart(instance),
      }),
      // The engine of Timonel restarts instances: it knows their policy, their gate and their traffic.
      RestartPolicy: { Name: 'no' },
    },
    NetworkingConfig: {
      // Before API 1.44 only one network may be named here; the others are joined before the start.
      EndpointsConfig: first === undefined ? {} : { [first.network.name]: endpointOf(instance, first, facts.presence) },
    },
  };
}

/** A container that shares another's network, or the host's, takes its names from there. */
function hostsPart(instance: InstanceSpec): readonly string[] | undefined {
  const mode = instance.spec.service.network_mode ?? '';
  if (mode.startsWith('container:') || mode.startsWith('service:')) return undefined;
  const hosts = extraHosts(instance);
  return hosts.length === 0 ? undefined : hosts;
}

function addressLabels({ joining, address }: Facts): Record<string, string> {
  const reachable = reachableOf(joining);
  return {
    ...(reachable === undefined ? {} : { [label.network]: reachable.network.name }),
    ...(address === undefined ? {} : { [label.address]: address }),
  };
}

/** The network over which the host reaches the instance: one where we fix the address, else any bridge. */
export function reachableOf(joining: readonly Joining[]): Joining | undefined {
  return (
    joining.find((one) => one.address !== undefined) ??
    joining.find((one) => one.network.driver === 'bridge') ??
    joining[0]
  );
}
