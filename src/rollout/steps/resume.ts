import { said } from '#core/messages/say.ts';
import { isUp } from '../observed.ts';
import type { Handler } from './handler.ts';

export const resume: Handler<'resume'> = {
  describe: (step) => said('STEP_RESUME', { service: step.service, instance: step.instance }),
  isDone: (step, observed) => (observed.instances.some((one) => one.id === step.instance && isUp(one)) ? 'yes' : 'no'),
  run: (step, door) => door.resume(step.service, step.instance),
  undo: () => [],
};
