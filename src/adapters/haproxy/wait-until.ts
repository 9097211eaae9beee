import type { Clock } from '#world/clock.ts';

interface Waiting<T> {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly intervalMs: number;
  readonly look: () => Promise<T | undefined>;
}

/** Looks again and again until there is something to see; undefined when the deadline passes first. */
export async function waitUntil<T>({ clock, deadlineMs, intervalMs, look }: Waiting<T>): Promise<T | undefined> {
  const end = clock.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || clock.now() >= end) return seen;
    await clock.wait(intervalMs);
  }
}
