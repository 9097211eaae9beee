import { said } from '#core/messages/say.ts';
import type { Handler } from './handler.ts';

/** A verdict is not a thing that can be found done; after a crash the judging goes on where its time stands. */
export const analyse: Handler<'analyse'> = {
  describe: ({ service, percent, pause }) =>
    said('STEP_ANALYSE', { service, percent, ms: pause === 'promoted' ? undefined : pause }),
  isDone: () => 'no',
  run: (step, door) => door.analyse(step),
  undo: () => [],
};
