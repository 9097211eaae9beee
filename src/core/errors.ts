import type { Location } from './location.ts';
import type { Code, FactsOf } from './messages/catalogue.ts';
import { type Said, said, say, sayHint } from './messages/say.ts';

interface Origin {
  readonly at?: Location | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type of Timonel: a stable `code`, the facts, and where it happened. The English sentence is its
 * `message`; other languages are rendered from `said` at the edge (terminal or HTTP).
 */
export class TimonelError extends Error {
  override readonly name = 'TimonelError';
  readonly said: Said;
  readonly at: Location | undefined;

  constructor(what: Said, origin: Origin = {}) {
    super(say(what, 'en'), origin.cause === undefined ? undefined : { cause: origin.cause });
    this.said = what;
    this.at = origin.at;
  }

  get code(): Code {
    return this.said.code;
  }

  get hint(): string | undefined {
    return sayHint(this.said, 'en');
  }
}

/** Makes the error `code` from its facts; throw what it returns. */
export function fail<C extends Code>(code: C, facts: FactsOf<C>, origin: Origin = {}): TimonelError {
  return new TimonelError(said(code, facts), origin);
}

/** Is `error` ours, with code `code`? */
export function hasCode(error: unknown, code: Code): error is TimonelError {
  return error instanceof TimonelError && error.code === code;
}

/** The sentence of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
