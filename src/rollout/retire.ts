import type { Step, StepBody, StepCause } from '#model/plan.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Assessment } from './assess.ts';
import { makeStep } from './make-step.ts';
import { orderOfEnds } from './order.ts';
import type { PlanParts } from './plan-input.ts';
import type { ServicePlan } from './strategies/strategy.ts';

/** What happens to instances that are not wanted any more, once the release is committed. Volumes stay. */
export function retireSteps(
  parts: PlanParts,
  plans: ReadonlyMap<string, ServicePlan>,
  committed: readonly string[],
): readonly Step[] {
  const retiring = new Retiring(parts, committed);
  const gone: Assessment[] = [];
  for (const one of parts.assessments) {
    if (one.spec === undefined) gone.push(one);
    else retiring.replaced(one, plans.get(one.spec.name)?.leftovers ?? 'retire');
  }
  retiring.removed(gone);
  return retiring.steps;
}

class Retiring {
  readonly steps: Step[] = [];
  readonly #parts: PlanParts;
  readonly #committed: readonly string[];

  constructor(parts: PlanParts, committed: readonly string[]) {
    this.#parts = parts;
    this.#committed = committed;
  }

  replaced(one: Assessment, leftovers: ServicePlan['leftovers']): void {
    const { service } = one.change;
    const parks = typeof leftovers === 'object' && one.leaving.length > 0 && this.#canComeBack(one);
    if (parks)
      this.#add(
        one,
        { kind: 'park', service, instances: one.leaving, forMs: leftovers.parkMs },
        this.#committed,
        'warm',
      );
    else
      for (const instance of one.leaving) this.#retire(one, instance, leftovers === 'remove' ? 'stopped' : 'running');
    if (parks || one.leaving.length > 0) for (const instance of one.parked) this.#retire(one, instance, 'running');
    for (const instance of one.stale) this.#retire(one, instance, 'running');
  }

  /** Services that go, in the order in which a project goes down. */
  removed(gone: readonly Assessment[]): void {
    const services = this.#parts.current?.services ?? {};
    const order = orderOfEnds(services);
    let after = this.#committed;
    for (const one of gone.toSorted((a, b) => order.indexOf(a.change.service) - order.indexOf(b.change.service))) {
      const { service } = one.change;
      const back = one.leaving.map((instance) => ({ instance, weight: 100 }));
      const unrouted = [this.#add(one, { kind: 'route', service, to: [], back }, after)];
      const ends = [...one.leaving, ...one.stale].map((instance) => this.#retire(one, instance, 'running', unrouted));
      after = ends.length > 0 ? ends : unrouted;
    }
  }

  #retire(
    one: Assessment,
    instance: string,
    state: 'running' | 'stopped',
    after: readonly string[] = this.#committed,
  ): string {
    const { service } = one.change;
    if (state === 'stopped') return this.#add(one, { kind: 'remove', service, instance }, after);
    const drained = this.#add(one, { kind: 'drain', service, instance }, after);
    const stopped = this.#add(one, { kind: 'stop', service, instance }, [drained]);
    return this.#add(one, { kind: 'remove', service, instance }, [stopped]);
  }

  /** Instances of the very same release are no way back; nor are those that died. */
  #canComeBack(one: Assessment): boolean {
    const existing = new Map(this.#parts.observed.instances.map((instance) => [instance.id, instance]));
    return one.leaving.every((id) => {
      const instance = existing.get(id);
      return instance?.state === 'running' && instance.fingerprint !== one.spec?.fingerprint;
    });
  }

  #add(one: Assessment, body: StepBody, after: readonly string[], cause?: StepCause): string {
    const step = makeStep(body, { after, cause: cause ?? one.change.action, spec: longerGrace(this.#parts, one) });
    this.steps.push(step);
    return step.id;
  }
}

/** The spec whose grace is the longer: the old instance may need it. */
function longerGrace(parts: PlanParts, one: Assessment): ServiceSpec | undefined {
  const before = parts.current?.services[one.change.service];
  if (before === undefined || one.spec === undefined) return before ?? one.spec;
  return before.stopGraceMs > one.spec.stopGraceMs ? before : one.spec;
}
