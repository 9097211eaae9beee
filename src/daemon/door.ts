import type { Engine, ProjectRequest } from '#engine/api.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { AccessLine } from '#model/metrics.ts';
import type { EdgeSettings, MetricsState, Requirements } from './contract.ts';
import type { Jobs } from './jobs.ts';

/** All that a route may use. */
export interface Door {
  readonly engine: Engine;
  readonly jobs: Jobs;
  readonly version: string;
  readonly startedAt: Date;
  readonly settings: EdgeSettings;
  /** Where a Prometheus reads the metrics; undefined where nobody named an address. */
  readonly metricsListener: { readonly state: MetricsState } | undefined;
  /** Settles when what should run was brought back after the start. */
  readonly recovered: Promise<void>;
  isRecovering(): boolean;
  /** What `request` needs and this machine lacks. */
  requirements(request: ProjectRequest): Promise<Requirements>;
  /** Fetches the image that the proxy lacks. */
  fetchProxyImage(): Promise<void>;
  /** Who asked what of a project's services, and what came of it. */
  access(query: LogQuery, gone: AbortSignal): AsyncIterable<AccessLine>;
  /** Everything that is measured, in Prometheus' text format. */
  metrics(): Promise<string>;
}
