import type { Plan, Step } from '#model/plan.ts';
import type { Observed } from './observed.ts';
import type { Phase } from './state.ts';
import { isStepDone } from './steps/table.ts';

/** What a restart finds of an unfinished deployment, and so does. */
export type Resumption =
  /** Goes on. `done`: begun before the restart, and found finished. */
  | { readonly kind: 'continue'; readonly done: readonly string[] }
  | { readonly kind: 'undo'; readonly because: 'outdated' | 'unknown'; readonly step: string | undefined }
  | { readonly kind: 'nothing' };

/**
 * Decides how an unfinished deployment goes on. Only a plan that is still whole (`intact`: its recorded hash and
 * format are right) is resumed; after the commit, and on the way back, there is only one direction anyway.
 */
export function resumption(plan: Plan, phase: Phase, observed: Observed, intact: boolean): Resumption {
  if (phase.kind === 'ended') return { kind: 'nothing' };
  const steps = phase.kind === 'backward' ? phase.steps : plan.steps;
  const open = inFlight(steps, phase);
  const answers = open.map((step) => ({ step, done: isStepDone(step, observed) }));
  if (phase.kind === 'forward') {
    const failed = phase.progress.failed.values().next().value;
    if (!intact) return { kind: 'undo', because: 'outdated', step: open[0]?.id };
    if (failed !== undefined) return { kind: 'undo', because: 'unknown', step: failed };
    const unknown = answers.find((one) => one.done === 'unknown');
    if (unknown !== undefined) return { kind: 'undo', because: 'unknown', step: unknown.step.id };
  }
  return { kind: 'continue', done: answers.filter((one) => one.done === 'yes').map((one) => one.step.id) };
}

function inFlight(steps: readonly Step[], phase: Exclude<Phase, { kind: 'ended' }>): readonly Step[] {
  const { started, done, failed } = phase.progress;
  return steps.filter((step) => started.has(step.id) && !done.has(step.id) && !failed.has(step.id));
}
