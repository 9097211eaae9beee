import type { StepOf } from '#model/plan.ts';
import type { Rotation } from '#model/traffic.ts';

/**
 * All that a step may do to the outside. The engine makes one for each step that runs; it knows the plan, the releases
 * and the step's deadline, so a step says only what it means. Every method is safe to call again after a crash.
 */
export interface Door {
  /** Throws the first reason why this deployment cannot work here: runtime, proxy, a port that is taken. */
  check(): Promise<void>;
  prepare(service: string): Promise<void>;
  ensureProject(): Promise<void>;
  listen(step: Pick<StepOf<'listen'>, 'services' | 'side' | 'publish'>): Promise<void>;
  expose(side: 'target' | 'baseline' | 'nothing'): Promise<void>;
  releaseCommand(service: string): Promise<void>;
  start(service: string, instance: string): Promise<void>;
  resume(service: string, instance: string): Promise<void>;
  /** Resolves once the instance is ready (a one-shot: has ended well); throws why it is not, with evidence. */
  awaitReady(service: string, instance: string, tolerated: number): Promise<void>;
  route(service: string, rotation: Rotation): Promise<void>;
  hold(service: string): Promise<void>;
  unhold(service: string): Promise<void>;
  /** Takes the instance's traffic away and resolves when nothing of it is in flight, or its grace has passed. */
  drain(service: string, instance: string): Promise<void>;
  stop(service: string, instance: string): Promise<void>;
  remove(service: string, instance: string): Promise<void>;
  wait(forMs: number): Promise<void>;
  observe(service: string, instances: readonly string[], forMs: number): Promise<void>;
  /** Resolves once the canary may get the next share; throws why the release is not good enough, with evidence. */
  analyse(step: StepOf<'analyse'>): Promise<void>;
  verify(): Promise<void>;
  commit(as: 'serving' | 'stopped'): Promise<void>;
  park(service: string, instances: readonly string[], forMs: number): Promise<void>;
  prune(): Promise<void>;
  forgetProject(): Promise<void>;
}
