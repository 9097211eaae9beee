import type { Rotation } from '#model/traffic.ts';
import { blueGreen } from './blue-green.ts';
import type { ServiceSteps } from './service-steps.ts';
import { weightsFor } from './shares.ts';
import type { PlanService, ServiceCase, ServicePlan } from './strategy.ts';

/**
 * New instances come up beside the whole old set, as many as their share needs, and are judged at every share before
 * they get the next one. With the last share the new set is whole; the old one lives until the release is committed.
 */
export const canary: PlanService<'canary'> = (input, strategy, steps) => {
  const shares = strategy.steps.filter((step) => step.percent < 100);
  if (shares.length === 0 || !canBeCompared(input)) return atOnce(input, steps);
  const rising = new Rising(input, steps);
  for (const [index, { percent, pause }] of shares.entries()) {
    rising.routeTo(percent);
    rising.judge({ percent, pause, position: index + 1, of: shares.length });
  }
  return rising.complete();
};

/**
 * There must be an old release beside which the new one is judged. A rollback is a way out, a restart and a scale bring
 * the same code: none of them has anything to prove. Instances that listen elsewhere stand behind another backend, and
 * cannot share its requests.
 */
function canBeCompared({ kind, leaving, fresh, kept, restructured }: ServiceCase): boolean {
  return kind === 'deploy' && leaving.length > 0 && fresh.length + kept.length > 0 && !restructured;
}

/** The whole new set at one moment, as blue-green does, but nothing is kept warm. */
function atOnce(input: ServiceCase, steps: ServiceSteps): ServicePlan {
  return { ...blueGreen(input, { kind: 'blue-green', warmMs: 0 }, steps), leftovers: 'retire' };
}

type Share = Pick<Parameters<ServiceSteps['analyse']>[0], 'percent' | 'pause' | 'position' | 'of'>;

class Rising {
  readonly #input: ServiceCase;
  readonly #steps: ServiceSteps;
  readonly #wanted: readonly string[];
  readonly #started: string[] = [];
  #after: readonly string[];
  #up = 0;

  constructor(input: ServiceCase, steps: ServiceSteps) {
    this.#input = input;
    this.#steps = steps;
    this.#wanted = [...input.kept, ...input.fresh];
    this.#after = steps.begin;
  }

  routeTo(percent: number): void {
    this.#bringUp(Math.max(1, Math.ceil((percent / 100) * this.#wanted.length)));
    this.#route(this.#mixed(percent));
  }

  judge(share: Share): void {
    this.#after = [
      this.#steps.analyse({ canary: this.#canaries(), stable: this.#input.leaving, ...share }, this.#after),
    ];
  }

  complete(): ServicePlan {
    this.#bringUp(this.#wanted.length);
    this.#route(this.#steps.evenly(this.#wanted));
    return { steps: this.#steps, started: this.#started, ready: this.#after, leftovers: 'retire' };
  }

  #canaries(): readonly string[] {
    return this.#wanted.slice(0, this.#up);
  }

  /** What runs already, kept warm or left by a deployment that stopped half-way, is only waited for. */
  #bringUp(count: number): void {
    const next = this.#wanted.slice(this.#up, count);
    this.#up = Math.max(this.#up, count);
    const { fresh, kept, rotation } = this.#input;
    const up = this.#steps.bringUp(
      next.filter((id) => fresh.includes(id)),
      this.#after,
      0,
    );
    const warm = next.filter((id) => kept.includes(id) && !rotation.some((one) => one.instance === id));
    const ready = [...up.ready, ...warm.map((id) => this.#steps.await(id, this.#after))];
    this.#started.push(...up.started);
    if (ready.length > 0) this.#after = ready;
  }

  #route(rotation: Rotation): void {
    this.#after = [this.#steps.route(rotation, this.#input.rotation, this.#after)];
  }

  #mixed(percent: number): Rotation {
    const { leaving } = this.#input;
    const canaries = this.#canaries();
    const weights = weightsFor({ percent, canaries: canaries.length, stables: leaving.length });
    return [
      ...canaries.map((instance) => ({ instance, weight: weights.canary, side: 'canary' }) as const),
      ...leaving.map((instance) => ({ instance, weight: weights.stable })),
    ];
  }
}
