import type { Said } from '#core/messages/say.ts';
import type { DeploymentEvent, LockHolder } from '#model/event.ts';
import type { JournalEvent } from '#model/journal.ts';
import type { DeploymentKind, Plan } from '#model/plan.ts';
import type { EventQuery, ProjectEvent } from '#model/project-event.ts';
import type { Release } from '#model/release.ts';
import type { DeploymentState } from '#model/status.ts';
import type { ProjectTraffic, ServiceTraffic } from '#model/traffic.ts';

export interface ProjectRecord {
  readonly name: string;
  /** Number of the release that serves, or served last; undefined before the first success. */
  readonly serving: number | undefined;
  /** True after `down`: nothing is brought back until the next deployment. */
  readonly stopped: boolean;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly project: string;
  readonly kind: DeploymentKind;
  readonly by: string;
  readonly startedAt: number;
  /** Undefined until the plan was made, while the deployment waits for its turn. */
  readonly plan: Plan | undefined;
  readonly planHash: string | undefined;
  readonly state: DeploymentState;
  readonly reason: Said | undefined;
  readonly endedAt: number | undefined;
}

/** A replaced instance that is kept ready for an instant way back. */
export interface Parked {
  readonly project: string;
  readonly service: string;
  readonly instance: string;
  readonly release: number;
  /** Milliseconds since the epoch; then it is stopped. */
  readonly until: number;
}

/** How a deployment ended, to be recorded. */
export interface Ending {
  readonly state: DeploymentState;
  readonly reason: Said | undefined;
  readonly code: number;
  readonly at: number;
}

/**
 * All that must outlive the daemon. Synchronous: every write is on disk when the call returns, so that "journalled
 * before it acts" is simply the line before. A failing disk throws STORE_FAILED, a full one STORE_FULL.
 */
export interface Store {
  /** All writes of `work` happen, or none. */
  transaction<T>(work: () => T): T;

  projects(): readonly ProjectRecord[];
  project(name: string): ProjectRecord | undefined;
  /** Records a project that is not known yet; nothing changes for one that is. */
  ensureProject(name: string): void;
  setStopped(project: string, stopped: boolean): void;

  /** One more than the highest number a release of the project ever had. */
  nextReleaseNumber(project: string): number;
  /** Records a release that does not serve yet. */
  saveRelease(release: Release): void;
  release(project: string, number: number): Release | undefined;
  /** Releases that served, newest first. */
  releases(project: string): readonly Release[];
  /** From now on `number` serves, and counts among the good ones. */
  setServing(project: string, number: number): void;
  deleteReleases(project: string, numbers: readonly number[]): void;
  /** Numbers of all recorded releases, also of those that never served. */
  releaseNumbers(project: string): readonly number[];

  /** Highest ordinal used in instance ids of the service and release; 0 before the first. */
  lastOrdinal(project: string, service: string, release: number): number;
  setLastOrdinal(project: string, service: string, release: number, ordinal: number): void;

  /** Records a deployment and gives it its id: `PROJECT-N`. */
  createDeployment(begin: Pick<DeploymentRecord, 'project' | 'kind' | 'by' | 'startedAt'>): string;
  setPlan(deployment: string, plan: Plan, planHash: string): void;
  endDeployment(deployment: string, ending: Ending): void;
  deployment(id: string): DeploymentRecord | undefined;
  lastDeployment(project: string): DeploymentRecord | undefined;
  unfinishedDeployments(): readonly DeploymentRecord[];
  /** Forgets all ended deployments of the project but the newest `keep`. */
  pruneDeployments(project: string, keep: number): void;

  appendJournal(deployment: string, event: JournalEvent): void;
  journal(deployment: string): readonly JournalEvent[];
  appendEvent(deployment: string, event: DeploymentEvent): void;
  events(deployment: string): readonly DeploymentEvent[];

  /** Survives a killed process; the last ones may be lost with the machine's power. */
  appendProjectEvent(event: ProjectEvent): void;
  /** In the order in which they were appended. */
  projectEvents(query: Omit<EventQuery, 'follow'>): readonly ProjectEvent[];
  /** Forgets all but the newest `keep`, and those from before a moment. */
  pruneProjectEvents(project: string, limits: { readonly keep: number; readonly before: number }): void;

  /** Takes the project's lock, or returns who has it. */
  lock(project: string, holder: LockHolder): LockHolder | undefined;
  /** Gives the lock back; nothing happens when another deployment holds it. */
  unlock(project: string, deployment: string): void;
  lockHolder(project: string): LockHolder | undefined;

  traffic(): Readonly<Record<string, ProjectTraffic>>;
  /** `undefined` forgets the service. */
  setTraffic(project: string, service: string, traffic: ServiceTraffic | undefined): void;

  parked(): readonly Parked[];
  park(parked: Parked): void;
  unpark(project: string, instance: string): void;

  close(): void;
}
