/** Time and waiting, passed in so that tests steer them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once with a rejection when `signal` aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
