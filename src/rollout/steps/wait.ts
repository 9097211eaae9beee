import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const wait: Handler<'wait'> = {
  describe: (step) => said('STEP_WAIT', { service: step.service, ms: step.forMs }),
  isDone: () => 'no',
  run: (step, door) => door.wait(step.forMs),
  undo: () => [],
};
