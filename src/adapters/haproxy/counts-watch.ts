import type { WorkerStat } from '#balancer/counters.ts';
import type { ToldEnd } from '#balancer/events-section.ts';
import { CountsLedger } from '#balancer/instance-counts.ts';
import { parseStat, type Worker } from '#balancer/live.ts';
import type { Clock } from '#world/clock.ts';
import type { TrafficSink } from '#world/meter.ts';
import type { RequestStream } from './request-stream.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly line: WorkerLine;
  readonly clock: Clock;
  readonly stream: RequestStream;
  readonly sink: TrafficSink | undefined;
  /** Called after every look. */
  readonly onLook: (now: number) => void;
}

const secondMs = 1000;
/** A look just after a full second, so that a difference belongs to the second before. */
const afterMs = 20;
/** How often it is looked while nothing happens, in seconds. */
const quietSeconds = 5;

/**
 * Looks at the proxy's counters once a second while requests end or run, and now and then while none do; and at its
 * workers, of which anybody's reload makes new ones.
 */
export class CountsWatch {
  readonly #parts: Parts;
  readonly #ledger = new CountsLedger();
  #watching: AbortController | undefined;
  #isBusy = true;
  #looked: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Begins; does nothing when it has. */
  open(): void {
    if (this.#watching !== undefined) return;
    this.#watching = new AbortController();
    void this.#watch(this.#watching.signal);
  }

  /** The proxy is about to start. */
  beginAtNothing(): void {
    this.#ledger.beginAtNothing();
  }

  /** A worker came: from now on it cannot end without having been asked for all that it counted. */
  async follow(): Promise<void> {
    const { line, stream } = this.#parts;
    try {
      stream.follow(await line.workers());
    } catch {
      // It is gone again; the next look sees who came instead.
    }
  }

  ended(end: ToldEnd): void {
    this.#isBusy = true;
    this.#ledger.ended(end);
  }

  async close(): Promise<void> {
    this.#watching?.abort();
    this.#watching = undefined;
    await this.#looked;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    for (let second = 0; !signal.aborted; second = (second + 1) % quietSeconds) {
      if (this.#isBusy || second === 0) {
        this.#looked = this.#look();
        await this.#looked;
        this.#parts.onLook(clock.now());
      }
      const toNext = secondMs - (clock.now() % secondMs) + afterMs;
      await clock.wait(toNext, signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { clock, line, sink, stream } = this.#parts;
    try {
      const workers = await line.workers();
      stream.follow(workers);
      // What is idle now has counted everything that it ever will.
      const idle = await stream.idle(workers);
      const now = clock.now();
      const stats = await Promise.all(workers.map((worker) => this.#ask(worker)));
      const { counts, inFlight } = this.#ledger.look(
        stats.filter((stat) => stat !== undefined),
        now,
        Math.floor((now - afterMs) / secondMs) * secondMs - secondMs,
      );
      for (const pid of idle) stream.release(pid);
      for (const one of counts) sink?.counted(one);
      sink?.inFlight(inFlight);
      const isLeft = workers.some((one) => one.old);
      this.#isBusy = isLeft || counts.length > 0 || inFlight.some((one) => one.requests > 0);
    } catch {
      // No proxy runs, or it is just being replaced. What it counted meanwhile is in the next difference.
    }
  }

  /** A worker may end while it is asked; one that is there and does not answer would be counted twice later. */
  async #ask({ pid, old }: Worker): Promise<WorkerStat | undefined> {
    const { line } = this.#parts;
    try {
      return { pid, old, rows: parseStat(await line.ask(pid, 'show stat -1 4 -1')) };
    } catch (error) {
      if ((await line.workers()).some((one) => one.pid === pid)) throw error;
      return undefined;
    }
  }
}
