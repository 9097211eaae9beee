import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const prune: Handler<'prune'> = {
  describe: () => said('STEP_PRUNE', {}),
  isDone: () => 'no',
  run: (_step, door) => door.prune(),
  undo: () => [],
};
