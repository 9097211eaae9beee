import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';

/** Removes a container, running or not; one that is gone is removed. */
export async function removeContainer({ engine }: { readonly engine: Engine }, container: string): Promise<void> {
  try {
    await engine.done({
      what: `remove container ${container.slice(0, 12)}`,
      method: 'DELETE',
      path: pathOf('containers', container),
      // Never `v`: a volume without a name may hold the only copy of something.
      query: { force: true },
      deadlineMs: engine.deadlines.start,
    });
  } catch (error) {
    if (!wasRefused(error, 404)) throw error;
  }
}
