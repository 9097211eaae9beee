import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** One transaction: it happened or it did not, and recording it twice is recording it once. */
export const commit: Handler<'commit'> = {
  describe: (step) => said('STEP_COMMIT', { as: step.as }),
  isDone: () => 'no',
  run: (step, door) => door.commit(step.as),
  undo: () => [],
};
