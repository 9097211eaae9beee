import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** Runs exactly once for a release: where a crash hides whether it ran, the deployment is undone, never run again. */
export const releaseCommand: Handler<'release-command'> = {
  describe: (step) => said('STEP_RELEASE_COMMAND', { service: step.service }),
  isDone: () => 'unknown',
  run: (step, door) => door.releaseCommand(step.service),
  undo: () => [],
};
