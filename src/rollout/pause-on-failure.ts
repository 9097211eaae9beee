import type { DeploymentKind, Plan, Step } from '#model/plan.ts';
import type { Release } from '#model/release.ts';
import type { Progress } from './state.ts';
import { batchesOf } from './strategies/rolling.ts';

/**
 * Does a failure of this step stop the deployment where it is, instead of taking it back? So `failure_action: pause` asks.
 * Not where old instances were stopped to make room: then standing still would be an outage.
 */
export function pausesAt(step: Step, target: Release | undefined, kind: DeploymentKind): boolean {
  if (step.kind !== 'gate' && step.kind !== 'observe') return false;
  const strategy = target?.services[step.service]?.strategy;
  if (strategy?.kind !== 'rolling') return false;
  const { failureAction, order } = batchesOf(strategy, kind);
  return failureAction === 'pause' && order === 'start-first';
}

/** Starts of instances that never got traffic: all that a pause takes back. */
export function unrouted(plan: Plan, progress: Progress): ReadonlySet<string> {
  const routed = new Set(
    plan.steps.flatMap((step) =>
      step.kind === 'route' && progress.done.has(step.id) ? step.to.map((one) => one.instance) : [],
    ),
  );
  return new Set(
    plan.steps.flatMap((step) =>
      step.kind === 'start' && progress.started.has(step.id) && !routed.has(step.instance) ? [step.id] : [],
    ),
  );
}
