import { readFileSync } from 'node:fs';
import { parseEvent, type ToldEnd } from '#balancer/events-section.ts';
import { EventServer } from './event-server.ts';
import type { Layout } from './layout.ts';

interface Parts {
  readonly layout: Layout;
  /** The user that carries the traffic, when it is another one. */
  readonly user: string | undefined;
  readonly onEnd: (end: ToldEnd) => void;
}

/** Hears from the proxy how requests ended. */
export class RequestStream {
  readonly #server: EventServer;

  constructor({ layout, user, onEnd }: Parts) {
    this.#server = new EventServer({
      path: layout.eventsSocket,
      owner: user === undefined ? undefined : accountOf(user),
      onEvent: (text) => {
        const end = parseEvent(text);
        if (end !== undefined) onEnd(end);
      },
    });
  }

  /** Listens; does nothing when it does already. */
  open(): Promise<void> {
    return this.#server.open();
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** passwd(5): name, password, uid, gid, ... */
function accountOf(user: string): { uid: number; gid: number } | undefined {
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
  return fields === undefined ? undefined : { uid: Number(fields[2]), gid: Number(fields[3]) };
}
