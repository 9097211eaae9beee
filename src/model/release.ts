import type { Project } from './project.ts';
import type { ServiceSpec } from './spec.ts';

/** An immutable, numbered snapshot of a project: what rollback restores. */
export interface Release {
  readonly project: string;
  /** 1, 2, 3, ... in the order they were made. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Folder of the Compose file at the time. */
  readonly directory: string;
  readonly model: Project;
  readonly services: Readonly<Record<string, ServiceSpec>>;
  /** Equal digests: deploying the one over the other changes nothing. */
  readonly digest: string;
}
