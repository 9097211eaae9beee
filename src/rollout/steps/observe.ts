import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const observe: Handler<'observe'> = {
  describe: (step) => said('STEP_OBSERVE', { service: step.service, ms: step.forMs }),
  isDone: () => 'no',
  run: (step, door) => door.observe(step.service, step.instances, step.forMs),
  undo: () => [],
};
