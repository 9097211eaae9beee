import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const park: Handler<'park'> = {
  describe: (step) =>
    said('STEP_PARK', { service: step.service, instances: step.instances.join(', '), ms: step.forMs }),
  isDone: (step, observed) => (step.instances.every((id) => observed.parked.has(id)) ? 'yes' : 'no'),
  run: (step, door) => door.park(step.service, step.instances, step.forMs),
  undo: () => [],
};
