import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const start: Handler<'start'> = {
  describe: (step) => said('STEP_START', { service: step.service, instance: step.instance }),
  isDone: (step, observed) =>
    observed.instances.some((one) => one.id === step.instance && one.state !== 'created') ? 'yes' : 'no',
  run: (step, door) => door.start(step.service, step.instance),
  undo: ({ service, instance }) => [
    { kind: 'drain', service, instance },
    { kind: 'stop', service, instance },
    { kind: 'remove', service, instance },
  ],
};
