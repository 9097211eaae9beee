import type { Clock } from '#world/clock.ts';

/** How long work that was told to stop may take to let go, milliseconds: what follows must not race with it. */
const letGoMs = 5000;

interface Limit {
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly overdue: () => Error;
}

/**
 * Runs `work` with a signal that aborts when the limit's does, or at the deadline. Work that does not heed its signal
 * is left behind after a while, so that nothing can hang a deployment.
 */
export async function withDeadline<T>(
  clock: Clock,
  limit: Limit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const signal = AbortSignal.any([limit.signal, own.signal]);
  const deadline = new AbortController();
  const overdue = clock.wait(limit.ms, deadline.signal).then(
    () => Promise.reject(limit.overdue()),
    () => new Promise<never>(() => {}),
  );
  const working = work(signal);
  try {
    return await Promise.race([working, overdue, rejectOn(limit.signal)]);
  } catch (error) {
    own.abort(error);
    await Promise.race([working.catch(() => undefined), clock.wait(letGoMs, deadline.signal).catch(() => undefined)]);
    throw error;
  } finally {
    deadline.abort();
  }
}

/** Rejects once the signal aborts; never resolves. */
function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(asError(signal.reason));
    else signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true });
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}

interface Polling {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** First pause; it grows by half each time up to `slowestMs`. */
  readonly fastestMs: number;
  readonly slowestMs: number;
}

/** Asks `check` again and again until it says true, or the signal aborts (then it rejects). */
export async function until(check: () => boolean | Promise<boolean>, polling: Polling): Promise<void> {
  let pause = polling.fastestMs;
  while (!(await check())) {
    await polling.clock.wait(pause, polling.signal);
    pause = Math.min(polling.slowestMs, Math.round(pause * 1.5));
  }
}
