import { parseEvent, type ToldEnd } from '#balancer/events-section.ts';
import { infoOf, type Worker } from '#balancer/live.ts';
import { EventTail } from './event-tail.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly statsSocket: string;
  readonly line: WorkerLine;
  readonly onEnd: (end: ToldEnd) => void;
}

/** Hears from every worker of the proxy how requests ended, until the last of them is over. */
export class RequestStream {
  readonly #parts: Parts;
  readonly #tails = new Set<EventTail>();
  /** When the last request ended that each worker told. */
  readonly #heard = new Map<number, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Listens to the worker that serves, if nobody does yet. */
  follow(workers: readonly Worker[]): void {
    const pids = new Set(workers.map((one) => one.pid));
    for (const pid of this.#heard.keys()) if (!pids.has(pid)) this.#heard.delete(pid);
    const current = workers.find((one) => !one.old)?.pid;
    if (current === undefined || [...this.#tails].some((one) => one.pid === current || one.pid === undefined)) return;
    // A connection that has to be made anew must not tell what the one before told.
    const known = new Map(this.#heard);
    const tail: EventTail = new EventTail({
      statsSocket: this.#parts.statsSocket,
      onLine: (line) => this.#take(line, known),
      onEnd: () => this.#tails.delete(tail),
    });
    this.#tails.add(tail);
  }

  /** Stopping workers that have nothing more to do. */
  async idle(workers: readonly Worker[]): Promise<readonly number[]> {
    const heard = [...this.#tails].map((tail) => tail.pid);
    const leaving = workers.filter((one) => one.old && heard.includes(one.pid)).map((one) => one.pid);
    const isIdle = await Promise.all(leaving.map((pid) => this.#isIdle(pid)));
    const unread = [...this.#tails].filter((tail) => tail.isResting).map((tail) => tail.pid);
    return leaving.filter((pid, index) => isIdle[index] && !unread.includes(pid));
  }

  /** Lets a worker go; a stopping one ends with it. */
  release(pid: number): void {
    for (const tail of this.#tails) if (tail.pid === pid) this.#drop(tail);
  }

  close(): void {
    for (const tail of this.#tails) this.#drop(tail);
  }

  #drop(tail: EventTail): void {
    tail.close();
    this.#tails.delete(tail);
  }

  /** Nothing runs there but our own connection and the one that asks. */
  async #isIdle(pid: number): Promise<boolean> {
    const info = await this.#parts.line.ask(pid, 'show info').catch(() => '');
    return Number(infoOf(info, 'Jobs')) - Number(infoOf(info, 'Unstoppable Jobs')) <= 2;
  }

  #take(line: string, known: ReadonlyMap<number, number>): void {
    const end = parseEvent(line);
    if (end === undefined || end.at <= (known.get(end.pid) ?? 0)) return;
    this.#heard.set(end.pid, Math.max(end.at, this.#heard.get(end.pid) ?? 0));
    this.#parts.onEnd(end);
  }
}
