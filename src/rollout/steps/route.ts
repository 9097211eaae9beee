import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** Setting the same rotation twice is one rotation, so after a crash it is simply set again. */
export const route: Handler<'route'> = {
  describe: (step) =>
    said('STEP_ROUTE', { service: step.service, instances: step.to.map((one) => one.instance).join(', ') }),
  isDone: () => 'no',
  run: (step, door) => door.route(step.service, step.to),
  undo: ({ service, to, back }) => [{ kind: 'route', service, to: back, back: to }],
};
