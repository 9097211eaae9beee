import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const hold: Handler<'hold'> = {
  describe: (step) => said('STEP_HOLD', { service: step.service }),
  isDone: () => 'no',
  run: (step, door) => door.hold(step.service),
  undo: ({ service }) => [{ kind: 'unhold', service }],
};
