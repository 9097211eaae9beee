import type { DeploymentKind } from '#model/plan.ts';
import type { ServiceSpec, Strategy, StrategyKind } from '#model/spec.ts';
import type { Rotation } from '#model/traffic.ts';
import type { ServiceSteps } from './service-steps.ts';

/** What a strategy is asked: bring one service from the instances that serve to those that are wanted. */
export interface ServiceCase {
  readonly service: string;
  readonly kind: DeploymentKind;
  readonly spec: ServiceSpec;
  /** To be started. */
  readonly fresh: readonly string[];
  /** Right as they are; they serve already, or wait warm. */
  readonly kept: readonly string[];
  /** Serve now and are to be replaced. */
  readonly leaving: readonly string[];
  /** Who serves now. */
  readonly rotation: Rotation;
  /** Old and new listen on different ports: the old serve on until the routes point at the new. */
  readonly restructured: boolean;
}

/** The steps of one service up to the commit. */
export interface ServicePlan {
  readonly steps: ServiceSteps;
  /** Ids after which its instances run, as far as dependents that wait for `service_started` care. */
  readonly started: readonly string[];
  /** Ids after which it is ready for its dependents. */
  readonly ready: readonly string[];
  /** Adds what is left to do once the new routes are published; returns the id of the step to wait for. */
  readonly finish?: (after: readonly string[]) => string;
  /** What becomes of those that left, after the commit. `remove`: they are stopped already. */
  readonly leftovers: 'retire' | 'remove' | { readonly parkMs: number };
}

export type PlanService<K extends StrategyKind> = (
  input: ServiceCase,
  strategy: Extract<Strategy, { readonly kind: K }>,
  steps: ServiceSteps,
) => ServicePlan;
