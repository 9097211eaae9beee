import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** Snapshot, build or pull. What it leaves behind serves nobody, so there is nothing to take back. */
export const prepare: Handler<'prepare'> = {
  describe: (step) => said('STEP_PREPARE', { service: step.service }),
  isDone: () => 'no',
  run: (step, door) => door.prepare(step.service),
  undo: () => [],
};
