import type { Clock } from '#world/clock.ts';
import type { Containers } from './container/containers.ts';
import type { Engine } from './engine/client.ts';
import type { Diverter } from './host/diverter.ts';
import type { Images } from './images/images.ts';
import type { LogStore } from './logs/store.ts';
import type { ServiceAddresses } from './network/service-addresses.ts';
import type { DockerHome } from './state/home.ts';
import type { Locks } from './state/lock.ts';
import type { ProjectStates } from './state/project-state.ts';
import type { EventHub } from './watch/hub.ts';

/** What the runtime's acts work with; made once, in index.ts. */
export interface Parts {
  readonly engine: Engine;
  readonly containers: Containers;
  readonly home: DockerHome;
  readonly clock: Clock;
  /** One act at a time on each instance. */
  readonly turns: Locks;
  /** Names of the containers of one-off runs that are under way. */
  readonly runs: Set<string>;
  readonly states: ProjectStates;
  readonly addresses: ServiceAddresses;
  readonly diverter: Diverter;
  readonly images: Images;
  readonly logs: LogStore;
  readonly events: EventHub;
}
