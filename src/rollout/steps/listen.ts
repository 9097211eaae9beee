import { said } from '#core/messages/say.ts';
import type { StepOf } from '#model/plan.ts';
import type { Handler } from './handler.ts';

export const listen: Handler<'listen'> = {
  describe: (step) => said('STEP_LISTEN', { services: step.services.join(', ') }),
  isDone: () => 'no',
  run: (step, door) => door.listen(step),
  undo: (step) => (step.side === 'both' ? [{ ...bodyOf(step), side: 'baseline' }] : []),
};

function bodyOf({ services, side, publish }: StepOf<'listen'>) {
  return { kind: 'listen', services, side, publish } as const;
}
