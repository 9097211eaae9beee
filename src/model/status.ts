import type { Said } from '#core/messages/say.ts';
import type { CanaryReport } from './canary.ts';
import type { BreakerState } from './metrics.ts';
import type { StrategyKind } from './spec.ts';

/**
 * What `status --json` prints. Scripts rely on it: additions only. Times are ISO 8601 in UTC. Sentences travel as
 * `Said` inside the daemon and become text in the reader's language at the daemon's HTTP edge.
 */
export interface ProjectStatus {
  readonly project: string;
  /** Number of the release that serves; undefined before the first success. */
  readonly release: number | undefined;
  /** `healthy`: everything desired is; `degraded`: something serves; `down`: nothing does; `stopped`: by `down`. */
  readonly state: 'healthy' | 'degraded' | 'down' | 'stopped' | 'deploying';
  readonly services: readonly ServiceStatus[];
  readonly lastDeployment: DeploymentStatus | undefined;
  /** The release held warm after a blue-green switch, and until when. */
  readonly warm: { readonly release: number; readonly until: string } | undefined;
  readonly warnings: readonly Said[];
  /** Canaries that are being judged now; absent when none is. */
  readonly canaries?: readonly CanaryReport[];
}

export interface ServiceStatus {
  readonly name: string;
  readonly strategy: StrategyKind;
  readonly desired: number;
  readonly healthy: number;
  readonly release: number | undefined;
  readonly urls: readonly string[];
  readonly instances: readonly InstanceStatus[];
  /** Its requests wait, by `timonel pause`; absent when they do not. */
  readonly paused?: PauseLine;
  /** What it answered in the last minute; absent for a service that nothing leads to. */
  readonly traffic?: TrafficStatus;
  /** Its routes' circuit breakers; absent when it has none. */
  readonly breakers?: readonly BreakerLine[];
}

/** Whole seconds of the last minute, as the proxy saw them. */
export interface TrafficStatus {
  readonly requestsPerSecond: number;
  /** Answers of 500 and above, and requests that no instance answered, from 0 to 1. */
  readonly errorRatio: number;
  /** Milliseconds to the whole answer; absent when nothing was answered. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly inFlight: number;
}

export interface PauseLine {
  readonly since: string;
  readonly by: string;
  /** How long one request waits at most, milliseconds; then it gets 503. */
  readonly maxMs: number;
}

export interface BreakerLine {
  readonly route: string;
  readonly state: BreakerState;
  readonly since?: string;
  /** The condition under which it opens. */
  readonly why: string;
}

export interface InstanceStatus {
  readonly id: string;
  readonly release: number;
  /** `warm`: healthy, kept for an instant rollback, no traffic. `draining`: finishing what it has. */
  readonly state: 'starting' | 'healthy' | 'unhealthy' | 'draining' | 'warm' | 'exited' | 'completed';
  readonly address: string | undefined;
  readonly startedAt: string | undefined;
  readonly restarts: number;
  readonly pid?: number;
  readonly container?: string;
  readonly traffic?: TrafficStatus;
  /** It fails where its siblings do not, and gets nothing new until then. */
  readonly outlier?: OutlierLine;
}

export interface OutlierLine {
  readonly until: string;
  readonly why: Said;
}

export type DeploymentState = 'running' | 'succeeded' | 'rolled-back' | 'failed' | 'cancelled';

export interface DeploymentStatus {
  readonly id: string;
  readonly kind: 'deploy' | 'rollback' | 'scale' | 'restart' | 'switchover' | 'down';
  readonly state: DeploymentState;
  readonly from: number | undefined;
  readonly to: number;
  readonly reason: Said | undefined;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
}
