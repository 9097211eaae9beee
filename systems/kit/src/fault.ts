/** Facts that go beside `error`, `message` and `status` in the answer, such as `alumno_id`. */
export type FaultFacts = Readonly<Record<string, unknown>>;

/** What a fault is made of. */
export type FaultParts = {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Stable name that clients test for, such as `AlumnoNotFound`. */
  readonly error: string;
  /** Sentence for a person; it must not hold a path, a stack or a secret, because it leaves the process. */
  readonly message: string;
  readonly facts?: FaultFacts;
  readonly headers?: Readonly<Record<string, string>>;
  /** What happened inside; it is logged and never sent. */
  readonly cause?: unknown;
};

/** An error that a client is meant to see. Everything else that is thrown becomes a generic 500. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly status: number;
  readonly error: string;
  readonly facts: FaultFacts;
  readonly headers: Readonly<Record<string, string>>;

  constructor(parts: FaultParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.status = parts.status;
    this.error = parts.error;
    this.facts = parts.facts ?? {};
    this.headers = parts.headers ?? {};
  }
}
