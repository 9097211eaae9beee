import type { Finding } from '#core/finding.ts';
import type { CertificateStatus } from '#model/certificate.ts';
import type { Change } from '#model/change.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { CommandResult, LogLine } from '#model/instance.ts';
import type { SteeringOrder } from '#model/journal.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { EventQuery, ProjectEvent } from '#model/project-event.ts';
import type { Release } from '#model/release.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { ProjectStatus } from '#model/status.ts';
import type { Attendant } from '#world/attendant.ts';
import type { BuildWishes } from '#world/runtime.ts';

/** Which Compose file, as the user who asks sees it: their folder, their environment, their flags. */
export interface ProjectRequest {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly stdin?: string;
  readonly projectDirectory?: string;
  readonly projectName?: string;
  readonly profiles?: readonly string[];
  readonly envFiles?: readonly string[];
  readonly runtime?: RuntimeKind;
  /** A deployment makes external networks that do not exist. */
  readonly createNetworks?: boolean;
  /** Services may start on empty volumes where they had others. */
  readonly acceptNewVolumes?: boolean;
}

export interface RunOptions {
  /** How long to wait for another deployment of the project to end, milliseconds; 0 fails at once. */
  readonly waitMs: number;
  /** Who asks, for the lock's message: `ana@host pid 4711`. */
  readonly by: string;
}

export interface PlanResult {
  readonly project: string;
  readonly from: number | undefined;
  readonly to: number;
  readonly changes: readonly Change[];
  readonly steps: readonly string[];
  readonly findings: readonly Finding[];
}

export interface CommandRequest {
  readonly project: string;
  /** A service, or one instance by its id. */
  readonly service: string;
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** Of a run, not of an exec: variables beside the service's own, another user, another folder to start in. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
}

export interface InnerResult extends CommandResult {
  /** Where it ran. */
  readonly instance: string;
}

export interface MakeRequest {
  readonly request: ProjectRequest;
  /** Services with a `build`, those without, or all. */
  readonly which: 'built' | 'pulled' | 'all';
  /** Only these; empty: every one. */
  readonly services: readonly string[];
  /** Of builds: make them anew, like this. */
  readonly anew?: BuildWishes;
}

export interface AdoptRequest {
  readonly request: ProjectRequest;
  /** Who asks, for the records. */
  readonly by: string;
  /** Only say what would be adopted. */
  readonly dryRun: boolean;
}

/** What was taken over from another tool, or would be. */
export interface AdoptResult {
  readonly project: string;
  /** Number of the release that records what runs; undefined after a dry run. */
  readonly release: number | undefined;
  readonly services: readonly {
    readonly service: string;
    /** Nothing differs from the file: the next deployment leaves its containers alone. */
    readonly fits: boolean;
    readonly instances: readonly {
      readonly id: string;
      readonly container: string;
      readonly address: string | undefined;
    }[];
  }[];
  /** What differs between the file and what runs, what becomes of the ports. */
  readonly findings: readonly Finding[];
}

/** A line of what is being made; `done` once a service's source is there. */
export interface MakeLine {
  readonly service: string;
  readonly line: string;
  readonly done: boolean;
}

export interface PauseOrder {
  /** None: throws, naming those that there are. */
  readonly services: readonly string[];
  readonly by: string;
  /** How long one request may wait, milliseconds; without it what `hold` of the service says. */
  readonly timeoutMs?: number;
  /** Wait so long for the requests that run to end, milliseconds. */
  readonly drainMs?: number;
}

/** A service whose requests wait. Times in milliseconds. */
export interface PausedService {
  readonly service: string;
  readonly since: number;
  readonly maxMs: number;
  /** Requests and connections that an instance still works on. */
  readonly inFlight: number;
}

/** A service whose requests waited, and go on. */
export interface ResumedService {
  readonly service: string;
  readonly since: number;
}

export interface VolumeUse {
  readonly name: string;
  readonly project: string;
  readonly external: boolean;
}

/** A deployment under way. It goes on when nobody listens any more. */
export interface Running {
  readonly id: string;
  readonly project: string;
  /** From the first event on, also those before the call. Ends after `end`. */
  events(): AsyncIterable<DeploymentEvent>;
  /** Warnings and notes about the user's file; absent for what reads no file. */
  readonly findings?: readonly Finding[];
}

/** All that the daemon's routes may ask for. Bad input throws TimonelError or `InvalidInput` with findings. */
export interface Engine {
  plan(request: ProjectRequest): Promise<PlanResult>;
  deploy(request: ProjectRequest, options: RunOptions): Promise<Running>;
  rollback(project: string, release: number | undefined, options: RunOptions): Promise<Running>;
  scale(project: string, replicas: Readonly<Record<string, number>>, options: RunOptions): Promise<Running>;
  restart(project: string, services: readonly string[], options: RunOptions): Promise<Running>;
  switchover(project: string, options: RunOptions): Promise<Running>;
  down(project: string, options: RunOptions): Promise<Running>;
  /** Asks the running deployment to stop and undo; idempotent. Returns its id, or undefined when none runs. */
  cancel(project: string): Promise<string | undefined>;
  /**
   * Orders something of the canary that is under way; it is recorded when this resolves. Returns the deployment's id.
   * Throws CANARY_NONE, CANARY_NOT_JUDGED_YET.
   */
  steer(project: string, order: SteeringOrder, by: string): Promise<string>;
  /**
   * Lets new requests to the services wait, until `resume`; instances go on.
   * Throws PAUSE_WHICH, PAUSE_NO_REQUESTS, PAUSE_TOO_LONG, SERVICE_UNKNOWN, PROJECT_STOPPED.
   */
  pause(project: string, order: PauseOrder, signal: AbortSignal): Promise<readonly PausedService[]>;
  /** Lets requests go on, of all paused services when none is named. Throws RESUME_NOTHING, SERVICE_UNKNOWN. */
  resume(project: string, services: readonly string[], by: string): Promise<readonly ResumedService[]>;
  /** The deployment with this id, running or ended, for clients that lost their connection. */
  deployment(id: string): Running | undefined;
  projects(): Promise<readonly string[]>;
  status(project: string): Promise<ProjectStatus>;
  releases(project: string): Promise<readonly Release[]>;
  /** The certificates that the proxy presents, and how their orders stand. */
  certificates(): Promise<readonly CertificateStatus[]>;
  /** Orders at once what failed; only for `host` where it is given. Returns the hosts. Throws CERTIFICATE_UNKNOWN. */
  retryCertificates(host: string | undefined): Promise<readonly string[]>;
  logs(query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;
  /** What happened to a project, and where asked for what happens from now on. */
  events(query: EventQuery, signal: AbortSignal): AsyncIterable<ProjectEvent>;
  /** Runs a command inside a serving instance. */
  exec(request: CommandRequest): Promise<InnerResult>;
  /** Runs a command to its end in a fresh instance of what serves: no traffic, no name, nothing left behind. */
  run(request: CommandRequest, signal: AbortSignal, attendant?: Attendant): Promise<InnerResult>;
  /** Pulls, builds or copies what a deployment of the file would need; nothing is started. Ends when all is there. */
  make(request: MakeRequest, signal: AbortSignal): AsyncIterable<MakeLine>;
  /** Takes over what Docker Compose started, without stopping anything. */
  adopt(request: AdoptRequest): Promise<AdoptResult>;
  /** Volumes of the project's kept releases. */
  volumes(project: string): Promise<readonly VolumeUse[]>;
  /** Deletes a volume and its data. */
  removeVolume(name: string): Promise<void>;
  /** Brings back what the journal and the releases say should run; called once at start. */
  recover(): Promise<void>;
  /** Stops supervising; instances and proxy keep running. */
  close(): Promise<void>;
}
