import type { Plan, Step } from '#model/plan.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { makeStep } from './make-step.ts';
import { undoOfStep } from './steps/table.ts';

/** For the deadlines: the service as the old or the new release has it, whichever takes longer to stop. */
export type SpecOf = (service: string) => ServiceSpec | undefined;

/**
 * The steps that lead back from those of `executed` (begun or done), as data. Each step's own undo, in reverse: within
 * a service strictly, and around steps of the whole project. What one service waited for another on the way forward does not
 * count on the way back, so that traffic of every service returns at once.
 */
export function planUndo(plan: Plan, executed: ReadonlySet<string>, specOf: SpecOf): readonly Step[] {
  const undoing = new Undoing(plan, executed, specOf);
  for (const step of plan.steps.toReversed()) if (executed.has(step.id)) undoing.add(step);
  return undoing.steps;
}

class Undoing {
  readonly steps: Step[] = [];
  readonly #specOf: SpecOf;
  readonly #followers = new Map<string, Step[]>();
  /** For each forward step: the ids after which it and all that followed it are taken back. */
  readonly #ends = new Map<string, readonly string[]>();
  /** The same, but without what only takes new instances away. */
  readonly #routed = new Map<string, readonly string[]>();

  constructor(plan: Plan, executed: ReadonlySet<string>, specOf: SpecOf) {
    this.#specOf = specOf;
    for (const step of plan.steps.filter((one) => executed.has(one.id)))
      for (const id of step.after) this.#followers.set(id, [...(this.#followers.get(id) ?? []), step]);
  }

  /** Takes back one step, after all that came later. */
  add(step: Step): void {
    const followers = (this.#followers.get(step.id) ?? []).filter((one) => binds(one, step));
    const routed = [...new Set(followers.flatMap((one) => this.#routed.get(one.id) ?? []))];
    const all = [...new Set(followers.flatMap((one) => this.#ends.get(one.id) ?? []))];
    // Requests go back at once: to stop an instance that was started later may take all of its grace.
    let after: readonly string[] = step.kind === 'route' ? routed : all;
    const service = serviceOf(step);
    const spec = service === undefined ? undefined : this.#specOf(service);
    for (const [index, body] of undoOfStep(step).entries()) {
      const made = makeStep(body, { after, cause: 'undo', spec });
      const undo = { ...made, id: `undo:${step.id}${index === 0 ? '' : `:${made.kind}`}` };
      this.steps.push(undo);
      after = [undo.id];
    }
    const rest = step.kind === 'route' ? all.filter((id) => !routed.includes(id)) : [];
    this.#ends.set(step.id, [...after, ...rest]);
    const takesAway = step.kind === 'start' || after === all;
    this.#routed.set(step.id, takesAway ? routed : after);
  }
}

/** Must the follower be taken back before the step is? */
function binds(follower: Step, step: Step): boolean {
  const a = serviceOf(follower);
  const b = serviceOf(step);
  return a === undefined || b === undefined || a === b;
}

function serviceOf(step: Step): string | undefined {
  return 'service' in step ? step.service : undefined;
}
