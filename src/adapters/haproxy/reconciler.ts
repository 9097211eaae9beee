import { type Commands, runtimeCommands } from '#balancer/commands.ts';
import { parseMap, parseServersState } from '#balancer/live.ts';
import { fail } from '#core/errors.ts';
import type { RouteTable } from '#model/route.ts';
import type { Clock } from '#world/clock.ts';
import { waitUntil } from './wait-until.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly line: WorkerLine;
  readonly holdMap: string;
  readonly canaryMap: string;
  readonly clock: Clock;
}

/** Makes instances and holds of the serving worker equal a table's, and looks whether they are. */
export class Reconciler {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws PROXY_COMMAND_REFUSED, PROXY_NOT_CONVERGED */
  async reconcile(table: RouteTable): Promise<void> {
    const { line, clock } = this.#parts;
    const worker = await line.current();
    if (worker === undefined) throw fail('PROXY_INTERNAL', { detail: 'no worker serves' });
    const { enter, choose, leave, remove, release } = await this.#difference(worker, table);
    for (const command of [...enter, ...choose, ...leave]) await line.order(worker, command);
    // An instance that still has work stays, in maintenance, until a later call finds it idle.
    for (const command of remove) await line.ask(worker, command);
    for (const command of release) await line.order(worker, command);
    if ([...enter, ...choose, ...leave, ...release].length === 0) return;
    let rest: readonly string[] = [];
    const look = async () => {
      const left = await this.#difference(worker, table);
      rest = [...left.enter, ...left.choose, ...left.leave, ...left.release];
      return rest.length === 0 ? true : undefined;
    };
    if (await waitUntil({ clock, deadlineMs: 2000, intervalMs: 10, look })) return;
    throw fail('PROXY_NOT_CONVERGED', { differences: rest.join('; ') });
  }

  async #difference(worker: number, table: RouteTable): Promise<Commands> {
    const { line, holdMap, canaryMap } = this.#parts;
    const [servers, holds, canaries] = await Promise.all([
      line.ask(worker, 'show servers state'),
      line.ask(worker, `show map ${holdMap}`),
      line.ask(worker, `show map ${canaryMap}`),
    ]);
    const live = { servers: parseServersState(servers), holds: parseMap(holds), canaries: parseMap(canaries) };
    return runtimeCommands({ table, live, holdMap, canaryMap });
  }
}
