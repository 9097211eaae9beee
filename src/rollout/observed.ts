import type { ObservedInstance } from '#model/instance.ts';
import type { ProjectTraffic } from '#model/traffic.ts';

/** What is true of one project now; planning and resuming decide on this and on nothing else. */
export interface Observed {
  readonly instances: readonly ObservedInstance[];
  readonly traffic: ProjectTraffic;
  /** Ids of instances kept warm. */
  readonly parked: ReadonlySet<string>;
  /** The release that serves, or served last. */
  readonly serving: number | undefined;
  readonly stopped: boolean;
}

/** An instance that can take work now. */
export function isUp(instance: ObservedInstance): boolean {
  return instance.state === 'running';
}

/** Did this one-shot instance end well? Undefined: it ended, and nobody saw how. */
export function completedWell(instance: ObservedInstance): boolean | undefined {
  if (instance.state !== 'exited') return false;
  return instance.exit?.code === undefined ? undefined : instance.exit.code === 0;
}
