import type { Change } from './change.ts';
import type { DeploymentStatus } from './status.ts';
import type { Exposure, ProjectTraffic, Rotation } from './traffic.ts';

export type DeploymentKind = DeploymentStatus['kind'];

/** The ordered steps of a deployment, as plain data. Each step waits for those it names in `after`. */
export interface Plan {
  /** Of the planner's format: a plan of another version is undone after a restart, never resumed. */
  readonly version: number;
  readonly project: string;
  readonly kind: DeploymentKind;
  /** Number of the release that serves before; undefined when none does. */
  readonly from: number | undefined;
  readonly to: number;
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  /** What the proxy carried when the plan was made: what undoing goes back to. */
  readonly baseline: ProjectTraffic;
  /** What the outside sees of each service of `to`. */
  readonly exposures: Readonly<Record<string, Exposure>>;
}

interface StepFrame {
  /** Stable and readable: `start:web-r2-1`. */
  readonly id: string;
  readonly after: readonly string[];
  /** After this long the step counts as failed, milliseconds. */
  readonly deadlineMs: number;
  readonly cause: StepCause;
}

/** Why a step is there. `always`: every deployment has it; `undo`: it takes another step back. */
export type StepCause = 'always' | Change['action'] | 'dependency' | 'warm' | 'undo';

interface OfService {
  readonly service: string;
}

interface OfInstance extends OfService {
  readonly instance: string;
}

/** One outside effect, idempotent. A closed union: a new kind breaks the compiler at the table that runs them. */
export type StepBody =
  /** Runtimes and proxy can work, and every port to be published is free. */
  | { readonly kind: 'check' }
  | ({ readonly kind: 'prepare' } & OfService)
  /** Volumes, networks and service addresses. `fresh`: the project did not exist before. */
  | { readonly kind: 'ensure-project'; readonly fresh: boolean }
  /**
   * The inner side of the table: backends, and service addresses for neighbours. `both`: old and new ports. `publish`
   * with the outer side, where nothing that is published now could be taken from anybody: it spares a reload.
   */
  | {
      readonly kind: 'listen';
      readonly services: readonly string[];
      readonly side: 'both' | 'target' | 'baseline';
      readonly publish: 'now' | 'later';
    }
  /** The outer side of the table, all services in one change: edge routes and published ports. */
  | { readonly kind: 'expose'; readonly side: 'target' | 'baseline' | 'nothing' }
  | ({ readonly kind: 'release-command' } & OfService)
  | ({ readonly kind: 'start' } & OfInstance)
  /** Starts a stopped instance again, as itself. */
  | ({ readonly kind: 'resume' } & OfInstance)
  /** Waits until the instance is ready. `tolerated`: so many instances of the service may fail to be. */
  | ({ readonly kind: 'gate'; readonly tolerated: number } & OfInstance)
  /** From now on exactly `to` take the service's new requests; `back` is where undoing it leads. */
  | ({ readonly kind: 'route'; readonly to: Rotation; readonly back: Rotation } & OfService)
  | ({ readonly kind: 'hold' } & OfService)
  | ({ readonly kind: 'unhold' } & OfService)
  | ({ readonly kind: 'drain' } & OfInstance)
  | ({ readonly kind: 'stop' } & OfInstance)
  | ({ readonly kind: 'remove' } & OfInstance)
  | ({ readonly kind: 'wait'; readonly forMs: number } & OfService)
  /** Watches new instances take traffic; a crash, a failing probe or too many 5xx fail the step. */
  | ({ readonly kind: 'observe'; readonly instances: readonly string[]; readonly forMs: number } & OfService)
  /**
   * Compares the new release, which has `percent` of the requests, with the old one, for `pause` at least; fails when it
   * is worse. What is compared, and how often, the target's spec says.
   */
  | ({
      readonly kind: 'analyse';
      readonly canary: readonly string[];
      readonly stable: readonly string[];
      readonly percent: number;
      /** 1 for the first share. */
      readonly position: number;
      readonly of: number;
      readonly pause: number | 'promoted';
    } & OfService)
  /** Everything desired runs, is healthy, has the recorded fingerprint and is routed. */
  | { readonly kind: 'verify' }
  /** The point of no return: from here on the project is at `to`, or stopped. */
  | { readonly kind: 'commit'; readonly as: 'serving' | 'stopped' }
  /** Keeps replaced instances ready for an instant way back. */
  | ({ readonly kind: 'park'; readonly instances: readonly string[]; readonly forMs: number } & OfService)
  /** Frees what no kept release needs. */
  | { readonly kind: 'prune' }
  /** The project leaves proxy and runtimes; volumes stay. */
  | { readonly kind: 'forget-project' };

export type Step = StepFrame & StepBody;
export type StepKind = Step['kind'];
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;
