import type { Said } from '#core/messages/say.ts';
import type { Step, StepBody, StepKind } from '#model/plan.ts';
import type { Door } from '../door.ts';
import type { Observed } from '../observed.ts';
import { analyse } from './analyse.ts';
import { check } from './check.ts';
import { commit } from './commit.ts';
import { drain } from './drain.ts';
import { ensureProject } from './ensure-project.ts';
import { expose } from './expose.ts';
import { forgetProject } from './forget-project.ts';
import { gate } from './gate.ts';
import type { Done, Handler } from './handler.ts';
import { hold } from './hold.ts';
import { listen } from './listen.ts';
import { observe } from './observe.ts';
import { park } from './park.ts';
import { prepare } from './prepare.ts';
import { prune } from './prune.ts';
import { releaseCommand } from './release-command.ts';
import { remove } from './remove.ts';
import { resume } from './resume.ts';
import { route } from './route.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { unhold } from './unhold.ts';
import { verify } from './verify.ts';
import { wait } from './wait.ts';

/** The one table of step kinds: a kind without a handler does not compile. */
const handlers: { readonly [K in StepKind]: Handler<K> } = {
  analyse,
  check,
  commit,
  drain,
  'ensure-project': ensureProject,
  expose,
  'forget-project': forgetProject,
  gate,
  hold,
  listen,
  observe,
  park,
  prepare,
  prune,
  'release-command': releaseCommand,
  remove,
  resume,
  route,
  start,
  stop,
  unhold,
  verify,
  wait,
};

/** The step's handler, with the kind that only the step knows erased; sound because the table is keyed by it. */
function handlerOf(step: Step): Handler<'check'> {
  return handlers[step.kind] as unknown as Handler<'check'>;
}

/** What the step does, as a sentence. */
export function describeStep(step: Step): Said {
  return handlerOf(step).describe(step as never);
}

/** Was the step, begun before a restart, finished? */
export function isStepDone(step: Step, observed: Observed): Done {
  return handlerOf(step).isDone(step as never, observed);
}

/** Carries the step out through `door`. */
export function runStep(step: Step, door: Door): Promise<void> {
  return handlerOf(step).run(step as never, door);
}

/** What leads back from the step, in order. */
export function undoOfStep(step: Step): readonly StepBody[] {
  return handlerOf(step).undo(step as never);
}
