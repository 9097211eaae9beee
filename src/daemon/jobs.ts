import type { Running } from '#engine/api.ts';
import type { Log } from './log.ts';

/** The deployments that this daemon was asked for and that have not ended. */
export interface Jobs {
  add(running: Running): void;
  count(): number;
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
