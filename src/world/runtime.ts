import type { Finding } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import type { CommandResult, Exit, InstanceSpec, LogLine, ObservedInstance } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { Project, Service } from '#model/project.ts';
import type { ProcessOptions, RuntimeKind, ServiceSpec, Source } from '#model/spec.ts';
import type { AdoptionPort } from './adoption.ts';
import type { Attendant } from './attendant.ts';

export type Locate = (path: readonly (string | number)[]) => Location | undefined;

export interface SourceRequest {
  readonly project: string;
  readonly directory: string;
  readonly name: string;
  readonly service: Service;
  readonly process: ProcessOptions;
}

export interface StopOptions {
  readonly signal: string;
  readonly graceMs: number;
}

/** How a stop went. `killed`: it did not end within its grace and got SIGKILL. */
export interface StopOutcome {
  readonly killed: boolean;
  readonly tookMs: number;
}

/** Says that an instance ended, or (`exit` undefined) that it was found running again. */
export interface RuntimeEvent {
  readonly project: string;
  readonly instance: string;
  readonly exit: Exit | undefined;
}

/**
 * Where instances run. Every method is safe to call again after a crash: doing what is already done is no error. None
 * decides anything: order, timing and choice are the plan's. Every method takes an AbortSignal where it can last.
 */
export interface Runtime {
  readonly kind: RuntimeKind;

  /** Can it work here at all? Throws the reason and the cure (no engine, no root, no HAProxy, ...). */
  ready(): Promise<void>;

  /** Could it run this service at all? Undefined: every service, for it has images. */
  canRun?(service: Service, process: ProcessOptions): Promise<boolean>;

  /** Is what it runs on here, at this moment? Undefined: always. */
  answers?(): Promise<boolean>;

  /** What of this service it cannot honour: an error, or a warning for keys listed as harmless. Pure. */
  check(spec: ServiceSpec, locate: Locate): readonly Finding[];

  /** Pins what a service is made from. Reads only: hashes the context, resolves a tag, finds a provider. */
  resolveSource(request: SourceRequest, signal: AbortSignal): Promise<Source>;

  /** Makes a source runnable: snapshot and setup, build, pull. `progress` gets lines of output for people. */
  prepare(spec: ServiceSpec, project: ProjectRef, progress: (line: string) => void, signal: AbortSignal): Promise<void>;

  /**
   * Builds a source anew although it may have been built; until its input changes, that is what `resolveSource` then
   * answers. Undefined where nothing is cached.
   */
  rebuild?(rebuilding: Rebuilding): Promise<Source>;

  /** Has `prepare` already succeeded for this source? */
  isPrepared(spec: ServiceSpec, project: ProjectRef): Promise<boolean>;

  /** Makes the project's volumes and networks that do not exist yet; never changes or deletes one. */
  ensureProject(model: Project, project: ProjectRef): Promise<void>;

  /** Makes networks that a project expects others to have made; those that exist stay as they are. */
  createNetworks?(names: readonly string[]): Promise<void>;

  /** The address that stands for a service towards its neighbours; the same for as long as the project exists. */
  serviceAddress(project: string, service: string): Promise<string>;

  /** Creates and starts an instance; returns once the process or container exists, not when it is ready. */
  start(instance: InstanceSpec, signal: AbortSignal): Promise<ObservedInstance>;

  /** Starts an instance that ended, again, as the same instance; counts one more restart. */
  restart(project: string, id: string, signal: AbortSignal): Promise<ObservedInstance>;

  /** Sends the signal, waits for the grace, then kills. Done when nothing of the instance runs any more. */
  stop(project: string, id: string, options: StopOptions): Promise<StopOutcome>;

  /** Removes a stopped instance; its logs stay until they age out. */
  remove(project: string, id: string): Promise<void>;

  /** Every instance of `project` (of all when undefined) that exists, running or not. */
  observe(project?: string): Promise<readonly ObservedInstance[]>;

  /** Runs a command inside a running instance: same environment, user, names and files. */
  exec(project: string, id: string, command: readonly string[], timeoutMs: number): Promise<CommandResult>;

  /**
   * Runs an instance to its end (release commands, one-off work); it gets no address at the proxy. Its output goes to the
   * attendant where there is one, and else into the result.
   */
  runOnce(
    instance: InstanceSpec,
    command: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
    attendant?: Attendant,
  ): Promise<CommandResult>;

  logs(query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine>;

  /** Calls `listener` for every end of an instance from now on. Returns the way to stop listening. */
  watch(listener: (event: RuntimeEvent) => void): () => void;

  /** Frees what no release in `keep` (source revisions) needs: snapshots, images, old logs; only things of ours. */
  prune(project: string, keep: readonly Source[]): Promise<void>;

  /** Deletes a volume by its real name. Only an explicit removal by the user leads here. */
  removeVolume(name: string): Promise<void>;

  /** Forgets a project whose instances are gone: networks, service addresses. Volumes stay. */
  removeProject(project: string): Promise<void>;

  /** Takes over what another tool started; undefined where there is no such tool. */
  readonly adoption?: AdoptionPort;

  /** Lets go of watchers and handles. Instances keep running. */
  close(): Promise<void>;
}

/** How somebody wants a build that has been made already. */
export interface BuildWishes {
  readonly noCache: boolean;
  /** Look for newer base images. */
  readonly pull: boolean;
  /** Build arguments beside those of the file, or in their place. */
  readonly args: Readonly<Record<string, string>>;
}

export interface Rebuilding {
  readonly spec: ServiceSpec;
  readonly project: ProjectRef;
  readonly wishes: BuildWishes;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ProjectRef {
  readonly name: string;
  readonly directory: string;
}
