import type { ServiceSpec } from './spec.ts';

/** One instance to be run: everything the runtime needs, nothing it must look up. */
export interface InstanceSpec {
  /** Unique in its project and never reused: `SERVICE-rRELEASE-N`. */
  readonly id: string;
  readonly project: string;
  readonly service: string;
  readonly release: number;
  readonly spec: ServiceSpec;
  /** Folder of the project, for relative mounts. */
  readonly directory: string;
  /** Names of neighbours and their stable addresses, for the instance's private name resolution. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Compose volume key to the volume's real name: `redis-data` to `documentos_redis-data`. */
  readonly volumes: Readonly<Record<string, string>>;
}

export type InstanceState = 'created' | 'running' | 'exited';

export interface ObservedInstance {
  readonly id: string;
  readonly project: string;
  readonly service: string;
  readonly release: number;
  readonly fingerprint: string;
  readonly state: InstanceState;
  /** Where it listens; known once it was created. */
  readonly address: string | undefined;
  /** Milliseconds since the epoch; of the last start. */
  readonly startedAt: number | undefined;
  readonly restarts: number;
  readonly exit: Exit | undefined;
  readonly pid?: number;
  readonly container?: string;
}

/** How an instance ended. `code` is undefined when nobody was there to see it. */
export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly at: number;
  /** Killed by the kernel for want of memory. */
  readonly outOfMemory: boolean;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly project: string;
  readonly service: string;
  readonly instance: string;
  readonly release: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface CommandResult {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  /** Standard output and error together, the last 64 KiB. */
  readonly output: string;
}
