import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

export const gate: Handler<'gate'> = {
  describe: (step) => said('STEP_GATE', { service: step.service, instance: step.instance }),
  isDone: () => 'no',
  run: (step, door) => door.awaitReady(step.service, step.instance, step.tolerated),
  undo: () => [],
};
