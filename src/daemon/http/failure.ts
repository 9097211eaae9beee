import { TimonelError } from '#core/errors.ts';
import type { Finding } from '#core/finding.ts';
import type { Code } from '#core/messages/catalogue.ts';
import type { Language } from '#core/messages/message.ts';
import { said } from '#core/messages/say.ts';
import type { ErrorBody } from '../contract.ts';
import { wordedFinding, words } from '../worded.ts';

export interface Failure {
  /** HTTP status. */
  readonly status: number;
  readonly body: ErrorBody;
  /** A fault of ours, to be logged whole. */
  readonly isBug: boolean;
}

/** What a client is told of anything that was thrown. */
export function failureOf(error: unknown, language: Language, logFile: string): Failure {
  if (!(error instanceof TimonelError)) return bug(error, language, logFile);
  const findings = findingsOf(error).map((one) => wordedFinding(one, language));
  const body = {
    ...words(error.said, language),
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(findings.length === 0 ? {} : { findings }),
  };
  return { status: statusOf(error.code, findings.length > 0), body: { error: body }, isBug: false };
}

/** What the machine could not do, whatever was asked of it. */
const ofTheMachine = /^(DOCKER|PROVIDER|PROXY|REGISTRY|RUNTIME|STORE)_/;

/**
 * 404 what is asked for does not exist, 409 another deployment holds the project, 422 bad input, 502 the machine could
 * not do it, 400 the rest.
 */
function statusOf(code: Code, hasFindings: boolean): number {
  if (hasFindings) return 422;
  if (ofTheMachine.test(code)) return 502;
  if (code.includes('UNKNOWN')) return 404;
  if (code === 'LOCKED') return 409;
  return 400;
}

function findingsOf(error: TimonelError): readonly Finding[] {
  return (error as { readonly findings?: readonly Finding[] }).findings ?? [];
}

function bug(error: unknown, language: Language, logFile: string): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  const what = said('DAEMON_INTERNAL', { detail, log: logFile });
  return { status: 500, body: { error: words(what, language) }, isBug: true };
}
