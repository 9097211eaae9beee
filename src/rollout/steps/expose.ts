import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const expose: Handler<'expose'> = {
  describe: (step) => said('STEP_EXPOSE', { side: step.side }),
  isDone: () => 'no',
  run: (step, door) => door.expose(step.side),
  undo: (step) => (step.side === 'target' ? [{ kind: 'expose', side: 'baseline' }] : []),
};
