import { fail } from '#core/errors.ts';
import type { Said } from '#core/messages/say.ts';
import type { JournalEvent, UndoCause } from '#model/journal.ts';
import type { Plan, Step } from '#model/plan.ts';
import type { DeploymentState } from '#model/status.ts';

/** How far a list of steps has come. Ids. */
export interface Progress {
  readonly started: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

/**
 * Where a deployment stands.
 *
 *   forward --steered--> forward
 *   forward --step-*--> forward --commit done--> finishing --step-*--> finishing --ended--> ended
 *      |                                                                                      ^
 *      +--undo-begun--> backward --step-*--> backward ------------------ended-----------------+
 *      +--ended (nothing to take back)--------------------------------------------------------+
 */
export type Phase =
  | { readonly kind: 'forward'; readonly progress: Progress }
  /** Past the point of no return: what is left is carried to its end, however often it takes. */
  | { readonly kind: 'finishing'; readonly progress: Progress }
  | {
      readonly kind: 'backward';
      readonly cause: UndoCause;
      readonly reason: Said;
      /** How far it had come when it turned round. */
      readonly forward: Progress;
      readonly steps: readonly Step[];
      readonly progress: Progress;
    }
  | { readonly kind: 'ended'; readonly state: DeploymentState };

const untouched: Progress = { started: new Set(), done: new Set(), failed: new Set() };

/** A plan of which nothing was done yet. */
export const initialPhase: Phase = { kind: 'forward', progress: untouched };

/** The phase after all of `events`. */
export function foldJournal(plan: Plan, events: readonly JournalEvent[]): Phase {
  return events.reduce((phase, event) => advance(plan, phase, event), initialPhase);
}

/**
 * One event further.
 *
 * @throws ROLLOUT_INTERNAL when the event cannot follow the phase: then either the journal or the engine is wrong, and
 *   going on would act on a guess
 */
export function advance(plan: Plan, phase: Phase, event: JournalEvent): Phase {
  switch (phase.kind) {
    case 'forward':
      return advanceForward(plan, phase.progress, event);
    case 'finishing':
      return advanceFinishing(plan, phase.progress, event);
    case 'backward':
      return advanceBackward(phase, event);
    case 'ended':
      throw illegal(phase, event);
    default:
      return phase satisfies never;
  }
}

function advanceForward(plan: Plan, progress: Progress, event: JournalEvent): Phase {
  const phase: Phase = { kind: 'forward', progress };
  if (event.kind === 'undo-begun') {
    const { cause, reason, steps } = event;
    return { kind: 'backward', cause, reason, forward: progress, steps, progress: untouched };
  }
  if (event.kind === 'ended') {
    if (event.state === 'succeeded' && progress.done.size < plan.steps.length) throw illegal(phase, event);
    return { kind: 'ended', state: event.state };
  }
  if (event.kind === 'steered') return phase;
  if (event.kind === 'step-started' && progress.failed.size > 0) throw illegal(phase, event);
  const next = moved(plan.steps, progress, event, phase);
  const committed = event.kind === 'step-done' && stepOf(plan.steps, event.step)?.kind === 'commit';
  return { kind: committed ? 'finishing' : 'forward', progress: next };
}

function advanceFinishing(plan: Plan, progress: Progress, event: JournalEvent): Phase {
  const phase: Phase = { kind: 'finishing', progress };
  if (event.kind === 'undo-begun' || event.kind === 'steered') throw illegal(phase, event);
  if (event.kind === 'ended') return { kind: 'ended', state: event.state };
  return { kind: 'finishing', progress: moved(plan.steps, progress, event, phase) };
}

function advanceBackward(phase: Extract<Phase, { kind: 'backward' }>, event: JournalEvent): Phase {
  if (event.kind === 'undo-begun' || event.kind === 'steered') throw illegal(phase, event);
  if (event.kind === 'ended') {
    if (event.state === 'succeeded') throw illegal(phase, event);
    return { kind: 'ended', state: event.state };
  }
  return { ...phase, progress: moved(phase.steps, phase.progress, event, phase) };
}

type StepEvent = Extract<JournalEvent, { readonly step: string }>;

function moved(steps: readonly Step[], progress: Progress, event: StepEvent, phase: Phase): Progress {
  const step = stepOf(steps, event.step);
  if (step === undefined) throw illegal(phase, event);
  const { started, done, failed } = progress;
  if (event.kind === 'step-started') {
    const ready = step.after.every((id) => done.has(id) || failed.has(id));
    if (!ready || done.has(step.id)) throw illegal(phase, event);
    return { started: with_(started, step.id), done, failed: without(failed, step.id) };
  }
  if (!started.has(step.id) || done.has(step.id)) throw illegal(phase, event);
  return event.kind === 'step-done'
    ? { started, done: with_(done, step.id), failed: without(failed, step.id) }
    : { started, done, failed: with_(failed, step.id) };
}

function stepOf(steps: readonly Step[], id: string): Step | undefined {
  return steps.find((step) => step.id === id);
}

function with_(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return set.has(id) ? set : new Set(set).add(id);
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  if (!set.has(id)) return set;
  const rest = new Set(set);
  rest.delete(id);
  return rest;
}

function illegal(phase: Phase, event: JournalEvent): Error {
  const step = 'step' in event ? ` ${event.step}` : '';
  return fail('ROLLOUT_INTERNAL', { detail: `${event.kind}${step} cannot follow ${phase.kind}` });
}
