import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const forgetProject: Handler<'forget-project'> = {
  describe: () => said('STEP_FORGET_PROJECT', {}),
  isDone: () => 'no',
  run: (_step, door) => door.forgetProject(),
  undo: () => [],
};
