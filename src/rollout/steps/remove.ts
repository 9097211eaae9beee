import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** Comes after the commit only, because nothing leads back from it. */
export const remove: Handler<'remove'> = {
  describe: (step) => said('STEP_REMOVE', { service: step.service, instance: step.instance }),
  isDone: (step, observed) => (observed.instances.some((one) => one.id === step.instance) ? 'no' : 'yes'),
  run: (step, door) => door.remove(step.service, step.instance),
  undo: () => [],
};
