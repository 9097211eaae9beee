import type { Rotation } from '#model/traffic.ts';
import { leavingShares } from './batches.ts';
import type { ServiceSteps } from './service-steps.ts';
import type { ServiceCase, ServicePlan } from './strategy.ts';

interface InPlace {
  readonly input: ServiceCase;
  readonly steps: ServiceSteps;
  /** New instances, batch by batch. */
  readonly sizes: readonly (readonly string[])[];
  readonly tolerated: number;
  readonly delayMs: number;
  readonly monitorMs: number;
}

/**
 * Old instances make room before the new ones start, so two never use the same thing at once. They are stopped, not
 * removed: until the commit the way back starts them again. Requests are held while nobody serves.
 */
export function replaceInPlace({ input, steps, sizes, tolerated, delayMs, monitorMs }: InPlace): ServicePlan {
  const shares = leavingShares(input.leaving, sizes.length);
  const started: string[] = [];
  let after: readonly string[] = steps.begin;
  let rotation: Rotation = input.rotation;
  let held = false;
  for (const [index, batch] of sizes.entries()) {
    const relieved = new Set(shares[index]);
    const rest = rotation.filter((one) => !relieved.has(one.instance));
    if (rest.length === 0 && rotation.length > 0 && input.spec.hold.maxMs > 0) {
      after = [steps.hold(after)];
      held = true;
    }
    if (relieved.size > 0) after = steps.takeDown([...relieved], [steps.route(rest, rotation, after)]);
    const up = steps.bringUp(batch, after, tolerated);
    started.push(...up.started);
    const next = [...rest, ...steps.evenly(batch)];
    after = [steps.route(next, rest, up.ready)];
    rotation = next;
    if (held && !input.restructured) {
      after = [steps.unhold(after)];
      held = false;
    }
    if (index === sizes.length - 1) break;
    if (monitorMs > 0) after = [steps.observe(batch, monitorMs, after, index + 1)];
    if (delayMs > 0) after = [steps.wait(delayMs, after, index + 1)];
  }
  return {
    steps,
    started,
    ready: after,
    leftovers: 'remove',
    ...(held ? { finish: (published) => steps.unhold(published) } : {}),
  };
}
