import type { Step, StepBody, StepCause, StepOf } from '#model/plan.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Rotation } from '#model/traffic.ts';
import { makeStep } from '../make-step.ts';

interface Options {
  readonly service: string;
  readonly spec: ServiceSpec;
  readonly cause: StepCause;
  /** Steps before any of the service's. */
  readonly after: readonly string[];
  /** Steps before its requests are given to anybody; nothing more when it may begin only after them. */
  readonly listening: readonly string[];
  /** Share of each instance in the new requests. */
  readonly weight: number;
}

/** Collects the steps of one service; strategies say what follows what, and nothing about ids or deadlines. */
export class ServiceSteps {
  readonly #options: Options;
  readonly #steps: Step[] = [];
  #routes = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get all(): readonly Step[] {
    return this.#steps;
  }

  /** Where the service's steps may begin. */
  get begin(): readonly string[] {
    return this.#options.after;
  }

  /** Starts each instance and waits for it; returns the ids of the starts and of the gates. */
  bringUp(instances: readonly string[], after: readonly string[], tolerated: number): BroughtUp {
    const pairs = instances.map((instance) => {
      const started = this.#add({ kind: 'start', ...this.#of(instance) }, after);
      return { started, ready: this.await(instance, [started], tolerated) };
    });
    return { started: pairs.map((one) => one.started), ready: pairs.map((one) => one.ready) };
  }

  await(instance: string, after: readonly string[], tolerated = 0): string {
    return this.#add({ kind: 'gate', tolerated, ...this.#of(instance) }, after);
  }

  /** New requests go to `to`; undoing it leads to `back`. */
  route(to: Rotation, back: Rotation, after: readonly string[]): string {
    this.#routes += 1;
    const both = [...after, ...this.#options.listening];
    return this.#add({ kind: 'route', service: this.#options.service, to, back }, both, this.#routes);
  }

  hold(after: readonly string[], mark?: number): string {
    return this.#add({ kind: 'hold', service: this.#options.service }, after, mark);
  }

  unhold(after: readonly string[], mark?: number): string {
    return this.#add({ kind: 'unhold', service: this.#options.service }, after, mark);
  }

  /** Lets each instance finish and stops it. */
  takeDown(instances: readonly string[], after: readonly string[]): readonly string[] {
    return instances.map((instance) => {
      const drained = this.#add({ kind: 'drain', ...this.#of(instance) }, after);
      return this.#add({ kind: 'stop', ...this.#of(instance) }, [drained]);
    });
  }

  wait(forMs: number, after: readonly string[], mark: number): string {
    return this.#add({ kind: 'wait', service: this.#options.service, forMs }, after, mark);
  }

  observe(instances: readonly string[], forMs: number, after: readonly string[], mark?: number): string {
    return this.#add({ kind: 'observe', service: this.#options.service, instances, forMs }, after, mark);
  }

  /** Judges the canary at one share; what follows waits for the verdict. */
  analyse(share: Share, after: readonly string[]): string {
    return this.#add({ kind: 'analyse', service: this.#options.service, ...share }, after, share.position);
  }

  /** The same share for each. */
  evenly(instances: readonly string[]): Rotation {
    return instances.map((instance) => ({ instance, weight: this.#options.weight }));
  }

  #of(instance: string) {
    return { service: this.#options.service, instance };
  }

  #add(body: StepBody, after: readonly string[], mark?: number): string {
    const { spec, cause } = this.#options;
    const step = makeStep(body, { after, cause, spec, ...(mark === undefined ? {} : { mark }) });
    this.#steps.push(step);
    return step.id;
  }
}

type Share = Pick<StepOf<'analyse'>, 'canary' | 'stable' | 'percent' | 'position' | 'of' | 'pause'>;

interface BroughtUp {
  readonly started: readonly string[];
  readonly ready: readonly string[];
}
