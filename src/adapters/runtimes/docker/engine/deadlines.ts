const second = 1000;
const minute = 60 * second;

/** How long one call to the engine may last, milliseconds. A hung engine ends a call here, never the whole daemon. */
export interface Deadlines {
  readonly ping: number;
  /** Calls that only read. */
  readonly read: number;
  /** Calls that change something small: create, remove, tag, connect. */
  readonly change: number;
  /** Starting a container: the engine sets up its network and mounts. */
  readonly start: number;
  /** A build or a pull from its first to its last byte. */
  readonly make: number;
  /** Silence during a build or a pull after which it counts as hung. */
  readonly silence: number;
  /** How long to wait for an engine that does not answer its socket: a restart takes a few seconds. */
  readonly reconnect: number;
}

export const defaultDeadlines: Deadlines = {
  ping: 5 * second,
  read: 15 * second,
  change: 30 * second,
  start: 45 * second,
  make: 30 * minute,
  silence: 10 * minute,
  reconnect: 10 * second,
};
