import type { DeploymentKind } from '#model/plan.ts';
import type { Exposure } from '#model/traffic.ts';
import type { AssessInput, Assessment } from './assess.ts';

export interface PlanInput extends AssessInput {
  readonly kind: Exclude<DeploymentKind, 'down'>;
  /** Has the target release never served? Then its release commands are due. */
  readonly isNew: boolean;
  /** Published ports of other projects, and others not to be chosen. */
  readonly takenPorts: ReadonlySet<number>;
}

/** Everything a plan is made of, for those who make its steps. */
export interface PlanParts extends PlanInput {
  readonly assessments: readonly Assessment[];
  readonly exposures: Readonly<Record<string, Exposure>>;
}
