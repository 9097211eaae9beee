import type { Said } from '#core/messages/say.ts';
import type { StepBody, StepKind, StepOf } from '#model/plan.ts';
import type { Door } from '../door.ts';
import type { Observed } from '../observed.ts';

/** Was a step that was begun before a restart finished? `unknown`: it cannot be told, so it is not run again. */
export type Done = 'yes' | 'no' | 'unknown';

/** All that there is to say of one kind of step. */
export interface Handler<K extends StepKind> {
  describe(step: StepOf<K>): Said;
  isDone(step: StepOf<K>, observed: Observed): Done;
  run(step: StepOf<K>, door: Door): Promise<void>;
  /** What leads back from the step, in order; empty where it changed nothing that must be taken back. */
  undo(step: StepOf<K>): readonly StepBody[];
}
