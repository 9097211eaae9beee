import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const listen: Handler<'listen'> = {
  describe: (step) => said('STEP_LISTEN', { services: step.services.join(', ') }),
  isDone: () => 'no',
  run: (step, door) => door.listen(step.services, step.side),
  undo: (step) => (step.side === 'both' ? [{ kind: 'listen', services: step.services, side: 'baseline' }] : []),
};
