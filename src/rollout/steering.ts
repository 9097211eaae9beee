import type { JournalEvent } from '#model/journal.ts';

type Steered = Extract<JournalEvent, { kind: 'steered' }>;

/** What people ordered of a canary so far: a fold of the journal, so it outlives the daemon. */
export interface Steering {
  /** Steps that may end without more ado. */
  readonly promoted: ReadonlySet<string>;
  /** Every share is as good as judged. */
  readonly full: boolean;
  /** When its clock stood, milliseconds since the epoch; the last one may be open. */
  readonly pauses: readonly { readonly from: number; readonly to: number | undefined }[];
  /** Who aborted it. */
  readonly abortedBy: string | undefined;
}

export const unsteered: Steering = { promoted: new Set(), full: false, pauses: [], abortedBy: undefined };

/** One order further. To promote what is paused lets it go on. */
export function steer(steering: Steering, { order, gates, by, time }: Steered): Steering {
  switch (order) {
    case 'promote':
      return { ...goingOn(steering, time), promoted: steering.promoted.union(new Set(gates)) };
    case 'promote-full':
      return { ...goingOn(steering, time), full: true };
    case 'pause':
      return isPaused(steering)
        ? steering
        : { ...steering, pauses: [...steering.pauses, { from: time, to: undefined }] };
    case 'resume':
      return goingOn(steering, time);
    case 'abort':
      return { ...steering, abortedBy: by };
    default:
      return order satisfies never;
  }
}

export function isPaused({ pauses }: Steering): boolean {
  return pauses.some((one) => one.to === undefined);
}

export function isPromoted({ promoted, full }: Steering, step: string): boolean {
  return full || promoted.has(step);
}

/** How long the canary's own clock has run from `since` to `now`, milliseconds. */
export function elapsedMs({ pauses }: Steering, since: number, now: number): number {
  const stood = pauses.map(({ from, to = now }) => Math.max(0, Math.min(to, now) - Math.max(from, since)));
  return now - since - stood.reduce((sum, one) => sum + one, 0);
}

function goingOn(steering: Steering, at: number): Steering {
  return { ...steering, pauses: steering.pauses.map((one) => (one.to === undefined ? { ...one, to: at } : one)) };
}
