import type { Change } from '#model/change.ts';
import type { Plan } from '#model/plan.ts';
import { type Assessment, assess } from './assess.ts';
import type { Observed } from './observed.ts';
import { dependencyOrder } from './order.ts';
import type { PlanInput } from './plan-input.ts';
import { planSteps } from './plan-steps.ts';
import { exposuresOf } from './traffic/exposure.ts';

/** Of the plan's format; see `Plan.version`. */
export const planVersion = 1;

/**
 * From what is to what should be: pure, and the same for the same input. A plan without steps means that everything is
 * as it should be.
 *
 * @throws DEPENDENCY_CYCLE
 */
export function planDeployment(input: PlanInput): Plan {
  const { target, observed } = input;
  const assessments = assess(input, dependencyOrder(target.services));
  const exposures = exposuresOf(target, observed.traffic, input.takenPorts);
  return {
    version: planVersion,
    project: target.project,
    kind: input.kind,
    from: servingNow(observed),
    to: target.number,
    changes: visibleChanges(assessments),
    steps: planSteps({ ...input, assessments, exposures }),
    baseline: observed.traffic,
    exposures,
  };
}

/** The release that serves; none does after `down`. */
export function servingNow(observed: Observed): number | undefined {
  return observed.stopped ? undefined : observed.serving;
}

/** Leftovers of services that are long gone are cleaned up, but nobody needs to read of them. */
function visibleChanges(assessments: readonly Assessment[]): readonly Change[] {
  return assessments
    .filter((one) => one.spec !== undefined || one.leaving.length > 0)
    .map((assessment) => assessment.change);
}
