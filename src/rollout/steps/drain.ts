import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** The way back is the route that brought the instance's traffic elsewhere. */
export const drain: Handler<'drain'> = {
  describe: (step) => said('STEP_DRAIN', { service: step.service, instance: step.instance }),
  isDone: () => 'no',
  run: (step, door) => door.drain(step.service, step.instance),
  undo: () => [],
};
