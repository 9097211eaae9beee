import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const verify: Handler<'verify'> = {
  describe: () => said('STEP_VERIFY', {}),
  isDone: () => 'no',
  run: (_step, door) => door.verify(),
  undo: () => [],
};
