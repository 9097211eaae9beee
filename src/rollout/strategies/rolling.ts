import type { DeploymentKind } from '#model/plan.ts';
import type { Batches, ServiceSpec } from '#model/spec.ts';
import type { Rotation } from '#model/traffic.ts';
import { batches, leavingShares } from './batches.ts';
import type { ServiceSteps } from './service-steps.ts';
import { replaceInPlace } from './stop-first.ts';
import type { PlanService, ServiceCase, ServicePlan } from './strategy.ts';

/**
 * New instances come up batch by batch and take traffic once they are ready; each batch relieves as many old ones,
 * which stay alive, without new requests, until the release is committed. `order: stop-first` stops them instead.
 */
export const rolling: PlanService<'rolling'> = (input, strategy, steps) => {
  const how = batchesOf(strategy, input.kind);
  const { delayMs, monitorMs } = how;
  const sizes = batches(input.fresh, input.leaving.length === 0 ? 0 : how.parallelism);
  const tolerated = toleratedFailures(how, input.fresh.length);
  if (how.order === 'stop-first' && input.leaving.length > 0 && input.fresh.length > 0)
    return replaceInPlace({ input, steps, sizes, tolerated, delayMs, monitorMs });
  return startFirst({ input, steps, sizes, tolerated, delayMs, monitorMs });
};

/** A rollback goes by `deploy.rollback_config`, where there is one. */
export function batchesOf(strategy: RollingStrategy, kind: DeploymentKind): Batches {
  return kind === 'rollback' ? (strategy.back ?? strategy) : strategy;
}

interface Rolling {
  readonly input: ServiceCase;
  readonly steps: ServiceSteps;
  readonly sizes: readonly (readonly string[])[];
  readonly tolerated: number;
  readonly delayMs: number;
  readonly monitorMs: number;
}

function startFirst({ input, steps, sizes, tolerated, delayMs, monitorMs }: Rolling): ServicePlan {
  const { kept, leaving, rotation: before } = input;
  const shares = leavingShares(leaving, sizes.length);
  const started: string[] = [];
  let after: readonly string[] = steps.begin;
  let serving = [...kept];
  let relieved = new Set<string>();
  const warm = kept.filter((id) => !before.some((one) => one.instance === id)).map((id) => steps.await(id, after));
  if (warm.length > 0) after = warm;
  for (const [index, batch] of sizes.entries()) {
    const isLast = index === sizes.length - 1;
    const up = steps.bringUp(batch, after, tolerated);
    started.push(...up.started);
    serving = [...serving, ...batch];
    relieved = relieved.union(new Set(shares[index]));
    after = [steps.route(rotationNow(), before, up.ready)];
    if (isLast) break;
    if (monitorMs > 0) after = [steps.observe(batch, monitorMs, after, index + 1)];
    if (delayMs > 0) after = [steps.wait(delayMs, after, index + 1)];
  }
  if (sizes.length === 0) after = [steps.route(rotationNow(), before, after)];
  return {
    steps,
    started,
    ready: after,
    leftovers: 'retire',
    ...(input.restructured ? { finish: (published) => steps.route(steps.evenly(serving), before, published) } : {}),
  };

  /** Who serves now. Where ports differ, the old stay until the routes point at the new ones. */
  function rotationNow(): Rotation {
    const old = leaving.filter((id) => input.restructured || (sizes.length > 0 && !relieved.has(id)));
    return steps.evenly([...serving, ...old]);
  }
}

type RollingStrategy = Extract<ServiceSpec['strategy'], { kind: 'rolling' }>;

/** How many new instances may fail without failing the deployment. */
function toleratedFailures(strategy: Batches, count: number): number {
  if (strategy.failureAction === 'continue') return count;
  return Math.floor(strategy.maxFailureRatio * count);
}
