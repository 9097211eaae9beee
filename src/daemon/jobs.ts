import type { Running } from '#engine/api.ts';
import type { Log } from './log.ts';

/** The deployments that this daemon was asked for and that have not ended. */
export interface Jobs {
  add(running: Running): void;
  count(): number;
}

/** What a deployment leaves behind is garbage only once its last events were sent. */
const settleMs = 2000;

/** Node collects when it needs room, and a daemon at rest never does. */
function giveMemoryBack(): void {
  globalThis.gc?.();
}

/** Follows every deployment to its end, so that it is known whether the daemon may be replaced now. */
export function createJobs(log: Log): Jobs {
  const underWay = new Set<string>();
  const follow = async (running: Running): Promise<void> => {
    try {
      for await (const event of running.events()) {
        if (event.event === 'end') log.info(`deployment ${running.id} of ${running.project}: ${event.state}`);
      }
    } catch (error) {
      log.error(`deployment ${running.id} of ${running.project}`, error);
    } finally {
      underWay.delete(running.id);
      if (underWay.size === 0) setTimeout(giveMemoryBack, settleMs).unref();
    }
  };
  return {
    add(running) {
      underWay.add(running.id);
      void follow(running);
    },
    count: () => underWay.size,
  };
}
