import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const unhold: Handler<'unhold'> = {
  describe: (step) => said('STEP_UNHOLD', { service: step.service }),
  isDone: () => 'no',
  run: (step, door) => door.unhold(step.service),
  undo: ({ service }) => [{ kind: 'hold', service }],
};
