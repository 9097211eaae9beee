import { fail } from '#core/errors.ts';
import type { WireEvent } from '#daemon/contract.ts';
import type { DaemonClient, Notice } from './daemon.ts';
import { isNobody } from './daemon.ts';

/** Starts without one new event in between; more means that the daemon dies each time. */
const patience = 3;

/**
 * The events of a deployment up to and with `end`. When the daemon dies on the way it is started again: it resumes or
 * undoes the deployment by itself, and its events go on here.
 */
export async function* follow(daemon: DaemonClient, id: string, notice: Notice): AsyncGenerator<WireEvent> {
  let seen = 0;
  for (let losses = 0; losses <= patience; losses++) {
    try {
      const path = `/deployments/${encodeURIComponent(id)}/events?from=${seen}`;
      for await (const event of daemon.stream<WireEvent>({ method: 'GET', path })) {
        seen++;
        losses = 0;
        yield event;
        if (event.event === 'end') return;
      }
    } catch (error) {
      if (!isNobody(error)) throw error;
    }
    notice('CLI_DAEMON_LOST', { id });
    daemon.forget();
  }
  throw fail('CLI_DAEMON_KEEPS_DYING', { id, log: daemon.home.log });
}
