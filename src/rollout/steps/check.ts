import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const check: Handler<'check'> = {
  describe: () => said('STEP_CHECK', {}),
  isDone: () => 'no',
  run: (_step, door) => door.check(),
  undo: () => [],
};
