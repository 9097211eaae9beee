import type { Clock } from '#world/clock.ts';
import type { RuntimeEvent } from '#world/runtime.ts';
import type { AddressPool } from './addresses/pool.ts';
import type { Hierarchies } from './cgroups/hierarchies.ts';
import type { Home } from './home.ts';
import type { Abilities } from './launch/abilities.ts';
import type { MountPoints } from './launch/mount-points.ts';
import type { LogHub } from './logs/hub.ts';
import type { Tools } from './tools.ts';

/** What the instances of one open home share. */
export interface Parts {
  readonly home: Home;
  readonly clock: Clock;
  readonly tools: Tools;
  readonly abilities: Abilities;
  readonly hierarchies: Hierarchies;
  readonly mountPoints: MountPoints;
  readonly addresses: AddressPool;
  readonly logs: LogHub;
  /** The launcher's program. */
  readonly launcher: string;
  readonly emit: (event: RuntimeEvent) => void;
}
