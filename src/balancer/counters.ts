import type { BackendId } from '#model/route.ts';
import type { ServerCounters } from '#world/balancer.ts';
import type { StatRow } from './live.ts';
import { backendOf } from './names.ts';

/** What one worker says of its instances. */
export interface WorkerStat {
  readonly pid: number;
  readonly old: boolean;
  readonly rows: readonly StatRow[];
}

/**
 * Adds up the counters of all workers, so that they neither begin anew with a reload nor forget what an old worker
 * still has in flight.
 */
export class CounterLedger {
  /** The last that each worker said of each instance; a worker that ended stays with what it said last. */
  readonly #said = new Map<number, Map<string, ServerCounters>>();

  /** Takes in what the workers say now. @returns the sums for the instances they named */
  add(stats: readonly WorkerStat[]): ServerCounters[] {
    const now = stats.map((stat) => ({ ...stat, counters: stat.rows.flatMap(countersOf) }));
    for (const { pid, counters } of now) {
      const said = this.#said.get(pid) ?? new Map<string, ServerCounters>();
      for (const one of counters) said.set(keyOf(one), one);
      this.#said.set(pid, said);
    }
    this.#mergeEnded(new Set(stats.map((stat) => stat.pid)));
    const named = new Map<string, ServerCounters>();
    for (const { old, counters } of now.toSorted((a, b) => Number(a.old) - Number(b.old))) {
      for (const one of counters) {
        const before = named.get(keyOf(one));
        const state = old ? 'maint' : one.state;
        named.set(
          keyOf(one),
          before === undefined ? { ...one, state } : { ...before, sessions: before.sessions + one.sessions },
        );
      }
    }
    return [...named.values()].map((one) => ({ ...one, ...this.#totals(keyOf(one)) }));
  }

  /** Workers that ended share one entry, or the ledger would grow with every reload. */
  #mergeEnded(alive: ReadonlySet<number>): void {
    const ended = this.#said.get(0) ?? new Map<string, ServerCounters>();
    for (const [pid, said] of this.#said) {
      if (pid === 0 || alive.has(pid)) continue;
      for (const [key, one] of said) ended.set(key, sum(ended.get(key), one));
      this.#said.delete(pid);
    }
    this.#said.set(0, ended);
  }

  #totals(key: string): Pick<ServerCounters, 'requests' | 'serverErrors' | 'connectErrors'> {
    let total: ServerCounters | undefined;
    for (const said of this.#said.values()) {
      const one = said.get(key);
      if (one !== undefined) total = sum(total, one);
    }
    const { requests = 0, serverErrors = 0, connectErrors = 0 } = total ?? {};
    return { requests, serverErrors, connectErrors };
  }
}

function sum(a: ServerCounters | undefined, b: ServerCounters): ServerCounters {
  if (a === undefined) return b;
  return {
    ...b,
    requests: a.requests + b.requests,
    serverErrors: a.serverErrors + b.serverErrors,
    connectErrors: a.connectErrors + b.connectErrors,
  };
}

function keyOf(one: Pick<ServerCounters, 'backend' | 'server'>): string {
  return `${one.backend} ${one.server}`;
}

/** Type 2 is a server (HAProxy management guide, "Statistics and monitoring"). */
function countersOf(row: StatRow): ServerCounters[] {
  const backend: BackendId | undefined = backendOf(row.pxname ?? '');
  const server = row.svname ?? '';
  if (row.type !== '2' || backend === undefined || server.startsWith('.')) return [];
  const number = (column: string) => Number(row[column] ?? 0);
  const answers = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].map((kind) => number(`hrsp_${kind}`));
  return [
    {
      backend,
      server,
      sessions: number('scur'),
      requests: row.mode === 'http' ? answers.reduce((a, b) => a + b, 0) : number('stot'),
      serverErrors: number('hrsp_5xx'),
      connectErrors: number('econ'),
      state: stateOf(row.status ?? ''),
      weight: number('uweight') || number('weight'),
    },
  ];
}

function stateOf(status: string): ServerCounters['state'] {
  if (status.startsWith('MAINT')) return 'maint';
  if (status.startsWith('DRAIN')) return 'drain';
  return status.startsWith('DOWN') ? 'down' : 'ready';
}
