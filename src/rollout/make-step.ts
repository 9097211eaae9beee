import type { Step, StepBody, StepCause } from '#model/plan.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { deadlineOf } from './deadlines.ts';

interface Frame {
  readonly after: readonly string[];
  readonly cause: StepCause;
  readonly spec?: ServiceSpec | undefined;
  /** Tells steps apart that do the same to the same thing: `route:web:2`. */
  readonly mark?: string | number;
}

/** Makes a step of its body: a stable id, a deadline, and what it waits for. */
export function makeStep(body: StepBody, { after, cause, spec, mark }: Frame): Step {
  const id = mark === undefined ? stepName(body) : `${stepName(body)}:${mark}`;
  return { ...body, id, after, cause, deadlineMs: deadlineOf(body, spec) };
}

/** What the step is about, in one word: `start:web-r2-1`, `route:web`, `expose:target`, `verify`. */
function stepName(body: StepBody): string {
  const subject =
    'instance' in body ? body.instance : 'service' in body ? body.service : 'side' in body ? body.side : undefined;
  return subject === undefined ? body.kind : `${body.kind}:${subject}`;
}
