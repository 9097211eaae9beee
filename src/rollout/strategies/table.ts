import type { StrategyKind } from '#model/spec.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { recreate } from './recreate.ts';
import { rolling } from './rolling.ts';
import type { ServiceSteps } from './service-steps.ts';
import type { PlanService, ServiceCase, ServicePlan } from './strategy.ts';

const strategies: { readonly [K in StrategyKind]: PlanService<K> } = {
  'blue-green': blueGreen,
  canary,
  recreate,
  rolling,
};

/** Plans one service with the strategy that its spec names. */
export function planService(input: ServiceCase, steps: ServiceSteps): ServicePlan {
  const plan = strategies[input.spec.strategy.kind] as PlanService<StrategyKind>;
  return plan(input, input.spec.strategy, steps);
}
