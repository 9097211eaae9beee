import { type Said, said } from '#core/messages/say.ts';
import type { Plan, Step, StepKind } from '#model/plan.ts';
import type { DeploymentState } from '#model/status.ts';
import type { Phase } from '#rollout/state.ts';

/** Steps in which the new release itself can fail; elsewhere it is the machine, the user's files, or us. */
const releaseSteps: ReadonlySet<StepKind> = new Set<StepKind>([
  'release-command',
  'start',
  'gate',
  'route',
  'analyse',
  'expose',
  'observe',
  'verify',
]);

/** Exit codes of the CLI, documented with it. */
const failedCode = 1;
const oldStillServesCode = 5;

interface Turned {
  readonly plan: Plan;
  readonly phase: Extract<Phase, { readonly kind: 'backward' }>;
  readonly failedStep: Step | undefined;
}

/** How a deployment that turned round has ended, and the code that says so to scripts. */
export function exitCodeOf({ plan, phase, failedStep }: Turned): {
  readonly state: DeploymentState;
  readonly code: number;
  readonly reason: Said;
} {
  const stuck = phase.steps.find((step) => !phase.progress.done.has(step.id) && step.kind !== 'gate');
  if (stuck !== undefined) {
    const facts = { step: stuck.id, reason: phase.reason.code };
    return { state: 'failed', code: failedCode, reason: said('UNDO_FAILED', facts) };
  }
  if (phase.cause === 'cancelled') return { state: 'cancelled', code: failedCode, reason: phase.reason };
  if (phase.cause === 'paused') return { state: 'failed', code: failedCode, reason: phase.reason };
  const served = plan.from !== undefined;
  const byRelease = phase.cause === 'failed' && failedStep !== undefined && releaseSteps.has(failedStep.kind);
  return {
    state: served && (byRelease || phase.steps.length > 0) ? 'rolled-back' : 'failed',
    code: served && byRelease ? oldStillServesCode : failedCode,
    reason: phase.reason,
  };
}
