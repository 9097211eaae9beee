import { hasCode, type TimonelError } from '#core/errors.ts';

/** How often records that could not be written are tried again, milliseconds. */
export const recordPauseMs = 2000;

/** The records cannot be written now: nothing is wrong with what was to be written, so it is worth waiting. */
export function isStoreTrouble(error: unknown): error is TimonelError {
  return hasCode(error, 'STORE_FULL') || hasCode(error, 'STORE_FAILED');
}
