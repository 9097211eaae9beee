import type { Answers, InstanceCounts } from '#model/metrics.ts';
import type { BackendId } from '#model/route.ts';
import type { WorkerStat } from './counters.ts';
import type { ToldEnd } from './events-section.ts';
import type { StatRow } from './live.ts';
import { backendOf } from './names.ts';

type Digit = 0 | 1 | 2 | 3 | 4 | 5;

/** Counters of one instance in one worker. */
interface Counters {
  readonly backend: BackendId;
  readonly instance: string;
  readonly answers: Answers;
  readonly connections: number;
  readonly brokenOff: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

interface Worker {
  said: Map<string, Counters>;
  /** What its requests told since then: the only trace of them when it ends before it is asked again. */
  since: Counters[];
  askedAt: number;
}

export interface Looked {
  readonly counts: readonly InstanceCounts[];
  readonly inFlight: readonly { readonly backend: BackendId; readonly instance: string; readonly requests: number }[];
}

const none: Answers = [0, 0, 0, 0, 0, 0];

/**
 * Turns counters that grow, and begin anew in every worker, into what happened between two looks. A worker that came
 * since the last look began at nothing; of one that is gone, its requests tell what it did after its last answer.
 */
export class CountsLedger {
  #workers: Map<number, Worker> | undefined;

  /** The proxy is about to start: whatever its counters will say happened from now on. */
  beginAtNothing(): void {
    this.#workers ??= new Map();
  }

  /** A request that an instance answered. */
  ended({ pid, at, counted, backend, instance, status, ending, weight, bytesIn, bytesOut }: ToldEnd): void {
    const worker = this.#workers?.get(pid);
    if (!counted || backend === undefined || instance === undefined) return;
    if (worker === undefined) {
      // A worker that nobody asked yet: all that it ever did is told.
      this.#workers?.set(pid, { said: new Map(), since: [], askedAt: 0 });
    } else if (at <= worker.askedAt) return;
    const answers = [...none] as [number, number, number, number, number, number];
    answers[digitOf(status)] = weight;
    const counters = {
      backend,
      instance,
      answers,
      connections: 0,
      brokenOff: ending === 'failed' ? weight : 0,
      bytesIn: bytesIn * weight,
      bytesOut: bytesOut * weight,
    };
    this.#workers?.get(pid)?.since.push(counters);
  }

  /**
   * Takes in what all workers say at `now`.
   *
   * @param at the second to which it belongs, milliseconds since the epoch
   */
  look(stats: readonly WorkerStat[], now: number, at: number): Looked {
    const known = this.#workers;
    const rows = stats.map(({ pid, rows }) => ({ pid, rows: rows.flatMap(countersOf) }));
    const next = rows.map(({ pid, rows }) => [pid, workerOf(rows, now)] as const);
    this.#workers = new Map(next);
    const inFlight = sessions(stats);
    // Nobody was there before: what the counters say now is where counting begins.
    if (known === undefined) return { counts: [], inFlight };
    const alive = rows.flatMap(({ pid, rows }) => rows.flatMap((row) => difference(known.get(pid)?.said, row)));
    const gone = [...known].flatMap(([pid, worker]) => (this.#workers?.has(pid) === true ? [] : worker.since));
    return { counts: [...alive, ...gone].map((one) => ({ ...one, at })), inFlight };
  }
}

function workerOf(rows: readonly Counters[], askedAt: number): Worker {
  return { said: new Map(rows.map((row) => [keyOf(row), row])), since: [], askedAt };
}

function difference(said: ReadonlyMap<string, Counters> | undefined, now: Counters): Counters[] {
  const before = said?.get(keyOf(now));
  // Less than before: an instance that was removed and added again under the same name.
  const since = before === undefined || sum(before) > sum(now) ? undefined : before;
  const counts: Counters = {
    ...now,
    answers: now.answers.map((count, digit) => count - (since?.answers[digit] ?? 0)) as unknown as Answers,
    connections: now.connections - (since?.connections ?? 0),
    brokenOff: now.brokenOff - (since?.brokenOff ?? 0),
    bytesIn: now.bytesIn - (since?.bytesIn ?? 0),
    bytesOut: now.bytesOut - (since?.bytesOut ?? 0),
  };
  return sum(counts) + counts.brokenOff + counts.bytesIn + counts.bytesOut === 0 ? [] : [counts];
}

function sum({ answers, connections }: Pick<Counters, 'answers' | 'connections'>): number {
  return answers.reduce((a, b) => a + b, connections);
}

function sessions(stats: readonly WorkerStat[]): Looked['inFlight'] {
  const found = new Map<string, { backend: BackendId; instance: string; requests: number }>();
  for (const row of stats.flatMap((stat) => stat.rows)) {
    const place = placeOf(row);
    if (place === undefined) continue;
    const one = found.get(keyOf(place)) ?? { ...place, requests: 0 };
    one.requests += Number(row.scur ?? 0);
    found.set(keyOf(place), one);
  }
  return [...found.values()];
}

/** Type 2 is a server (HAProxy management guide, "Statistics and monitoring"). */
function placeOf(row: StatRow): { readonly backend: BackendId; readonly instance: string } | undefined {
  const backend = backendOf(row.pxname ?? '');
  const instance = row.svname ?? '';
  return row.type !== '2' || backend === undefined || instance.startsWith('.') ? undefined : { backend, instance };
}

const columns = ['hrsp_other', 'hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx'];

function countersOf(row: StatRow): Counters[] {
  const place = placeOf(row);
  if (place === undefined) return [];
  return [
    {
      ...place,
      answers: columns.map((column) => Number(row[column] ?? 0)) as unknown as Answers,
      connections: row.mode === 'tcp' ? Number(row.stot ?? 0) : 0,
      brokenOff: row.mode === 'tcp' ? 0 : Number(row.srv_abrt ?? 0),
      bytesIn: Number(row.bin ?? 0),
      bytesOut: Number(row.bout ?? 0),
    },
  ];
}

function keyOf(one: { readonly backend: BackendId; readonly instance: string }): string {
  return `${one.backend} ${one.instance}`;
}

function digitOf(status: number | undefined): Digit {
  const digit = Math.floor((status ?? 0) / 100);
  return digit >= 1 && digit <= 5 ? (digit as Digit) : 0;
}
