import { said } from '#core/messages/say.ts';
import { isUp } from '../observed.ts';
import type { Handler } from './handler.ts';

/** Before the commit only instances that served are stopped, and only to make room; so the way back starts them. */
export const stop: Handler<'stop'> = {
  describe: (step) => said('STEP_STOP', { service: step.service, instance: step.instance }),
  isDone: (step, observed) => (observed.instances.some((one) => one.id === step.instance && isUp(one)) ? 'no' : 'yes'),
  run: (step, door) => door.stop(step.service, step.instance),
  undo: ({ service, instance }) => [
    { kind: 'resume', service, instance },
    { kind: 'gate', service, instance, tolerated: 0 },
  ],
};
