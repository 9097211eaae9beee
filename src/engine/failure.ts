import { fail, reasonOf, TimonelError } from '#core/errors.ts';
import type { Said } from '#core/messages/say.ts';
import type { Evidence } from '#model/event.ts';

/** A step's failure with what was seen of the instance that caused it. */
export class WitnessedFailure extends TimonelError {
  readonly evidence: Evidence;

  constructor(what: Said, evidence: Evidence) {
    super(what);
    this.evidence = evidence;
  }
}

/** Anything thrown by a step, as one of ours. */
export function asFailure(error: unknown, step: string): TimonelError {
  if (error instanceof TimonelError) return error;
  return fail('STEP_FAILED', { step, reason: reasonOf(error) }, { cause: error });
}

export function evidenceOf(error: unknown): Evidence | undefined {
  return error instanceof WitnessedFailure ? error.evidence : undefined;
}
