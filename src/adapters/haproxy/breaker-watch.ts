import { readFileSync } from 'node:fs';
import { type BreakerState, Breakers, watchedRoutes } from '#balancer/breaker/breakers.ts';
import { parseEvent } from '#balancer/events-section.ts';
import { parseMap } from '#balancer/live.ts';
import type { RouteTable } from '#model/route.ts';
import { EventServer } from './event-server.ts';
import type { Layout } from './layout.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly layout: Layout;
  readonly line: WorkerLine;
  readonly user: string | undefined;
}

/** Watches how requests end and tells the proxy which breakers open. Costs nothing while no route has one. */
export class BreakerWatch {
  readonly #parts: Parts;
  readonly #breakers = new Breakers();
  readonly #server: EventServer;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#server = new EventServer({
      path: parts.layout.eventsSocket,
      owner: parts.user === undefined ? undefined : accountOf(parts.user),
      onEvent: (text) => this.#take(text),
    });
  }

  /** From now on, the breakers of this table. */
  async watch(table: RouteTable): Promise<void> {
    this.#breakers.watch(table);
    if (watchedRoutes(table).length > 0) await this.#server.open();
    else await this.#server.close();
  }

  states(now: number): readonly { readonly route: string; readonly state: BreakerState }[] {
    return this.#breakers.states(now);
  }

  /** The map as the serving worker has it, for its successor: a reload closes no breaker. */
  async carriedOver(): Promise<string> {
    const { line, layout } = this.#parts;
    try {
      const worker = await line.current();
      if (worker === undefined) return '';
      const open = parseMap(await line.ask(worker, `show map ${layout.breakerMap}`));
      return [...open].map(([name, openedAt]) => `${name} ${openedAt}\n`).join('');
    } catch {
      // No proxy runs: no breaker is open.
      return '';
    }
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #take(text: string): void {
    const sample = parseEvent(text);
    if (sample === undefined) return;
    for (const name of this.#breakers.record(sample)) void this.#open(name, sample.at);
  }

  async #open(name: string, at: number): Promise<void> {
    const { line, layout } = this.#parts;
    try {
      const worker = await line.current();
      if (worker === undefined) return;
      const answer = await line.ask(worker, `set map ${layout.breakerMap} ${name} ${at}`);
      if (answer.trim() !== '') await line.ask(worker, `add map ${layout.breakerMap} ${name} ${at}`);
    } catch {
      // The proxy is gone or just being replaced; if the service goes on failing, the next samples open it.
    }
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
