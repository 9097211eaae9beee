import { rolling } from './rolling.ts';
import { replaceInPlace } from './stop-first.ts';
import type { PlanService } from './strategy.ts';

/** Hold requests, stop the old, start the new, let requests go on. For services with data of one writer. */
export const recreate: PlanService<'recreate'> = (input, _strategy, steps) => {
  if (input.leaving.length === 0 || input.fresh.length === 0) return rolling(input, atOnce, steps);
  return replaceInPlace({ input, steps, sizes: [input.fresh], tolerated: 0, delayMs: 0, monitorMs: 0 });
};

/** Where nothing is replaced, only counts change; that is the same for every strategy. */
const atOnce = {
  kind: 'rolling',
  parallelism: 0,
  delayMs: 0,
  order: 'start-first',
  failureAction: 'rollback',
  monitorMs: 0,
  maxFailureRatio: 0,
} as const;
