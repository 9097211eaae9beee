import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#world/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};
