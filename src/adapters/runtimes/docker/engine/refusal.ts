import type { IncomingMessage } from 'node:http';
import { renderDuration } from '#core/duration.ts';
import { fail, hasCode, reasonOf, type TimonelError } from '#core/errors.ts';
import type { Call } from './call.ts';

/** The engine answered, and said no. */
export function refusal(call: Call, response: IncomingMessage, body: string): TimonelError {
  return fail('DOCKER_REFUSED', { what: call.what, status: response.statusCode ?? 0, detail: messageOf(body) });
}

/** Did the engine answer with one of these HTTP codes? 404 is "no such", 409 "conflict", 304 "already so". */
export function wasRefused(error: unknown, ...codes: readonly number[]): error is TimonelError {
  return hasCode(error, 'DOCKER_REFUSED') && codes.includes(Number(error.said.facts.status));
}

/** What the engine said when it refused; empty for any other error. */
export function refusalText(error: unknown): string {
  return hasCode(error, 'DOCKER_REFUSED') ? String(error.said.facts.detail) : '';
}

interface Trouble {
  readonly call: Call;
  readonly socketPath: string;
  readonly deadlineMs: number;
  readonly error: unknown;
  /** Our own deadline has passed. */
  readonly late: boolean;
}

/** What to throw when the call got no answer: the caller's own reason when it aborted, else ours with the cure. */
export function troubleOf({ call, socketPath, deadlineMs, error, late }: Trouble): unknown {
  if (call.signal?.aborted) return call.signal.reason;
  if (late) return fail('DOCKER_TIMEOUT', { what: call.what, after: renderDuration(deadlineMs) }, { cause: error });
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return fail('DOCKER_FORBIDDEN', { socket: socketPath }, { cause: error });
  return fail('DOCKER_UNREACHABLE', { socket: socketPath, detail: reasonOf(error) }, { cause: error });
}

/** Nobody listened, so nothing was asked: safe to ask again, whatever the call. */
export function isNobodyHome(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ECONNREFUSED' || code === 'ENOENT';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function messageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed !== null && typeof parsed === 'object' && 'message' in parsed) return String(parsed.message).trim();
  } catch {
    // Not JSON: a proxy or a very old engine; its text says as much as there is.
  }
  return body.trim().slice(0, 500);
}
