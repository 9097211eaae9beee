import type { PlanService } from './strategy.ts';

/**
 * The whole new set comes up beside the old, then all requests move at once. The old set stays warm for a while after
 * the commit, so going back moves nothing but requests.
 */
export const blueGreen: PlanService<'blue-green'> = (input, strategy, steps) => {
  const { kept, fresh, leaving, rotation: before } = input;
  const warm = kept.filter((id) => !before.some((one) => one.instance === id));
  const up = steps.bringUp(fresh, steps.begin, 0);
  const ready = [...up.ready, ...warm.map((id) => steps.await(id, steps.begin))];
  const green = steps.evenly([...kept, ...fresh]);
  const first = input.restructured ? [...green, ...steps.evenly(leaving)] : green;
  return {
    steps,
    started: up.started,
    ready: [steps.route(first, before, ready.length > 0 ? ready : steps.begin)],
    leftovers: fresh.length + warm.length > 0 ? { parkMs: strategy.warmMs } : 'retire',
    ...(input.restructured ? { finish: (published) => steps.route(green, before, published) } : {}),
  };
};
