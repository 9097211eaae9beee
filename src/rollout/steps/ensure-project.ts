import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const ensureProject: Handler<'ensure-project'> = {
  describe: () => said('STEP_ENSURE_PROJECT', {}),
  isDone: () => 'no',
  run: (_step, door) => door.ensureProject(),
  undo: (step) => (step.fresh ? [{ kind: 'forget-project' }] : []),
};
