import { Breakers } from '#balancer/breaker/breakers.ts';
import { sampleOf, type ToldEnd } from '#balancer/events-section.ts';
import { parseMap } from '#balancer/live.ts';
import type { BreakerStatus } from '#model/metrics.ts';
import type { RouteTable } from '#model/route.ts';
import type { Layout } from './layout.ts';
import type { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly layout: Layout;
  readonly line: WorkerLine;
  readonly onTurn: (breaker: BreakerStatus) => void;
}

/** Judges how requests end and tells the proxy which breakers open. Costs nothing while no route has one. */
export class BreakerWatch {
  readonly #parts: Parts;
  readonly #breakers = new Breakers();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on, the breakers of this table. */
  watch(table: RouteTable): void {
    this.#breakers.watch(table);
  }

  states(now: number): readonly BreakerStatus[] {
    return this.#breakers.states(now);
  }

  /** Tells whose state is another one than at the last call. */
  tell(now: number): void {
    for (const one of this.#breakers.turned(now)) this.#parts.onTurn(one);
  }

  /** What the running proxy has open, it has open for us too. */
  async resume(): Promise<void> {
    this.#breakers.resume(new Map([...(await this.#inProxy())].map(([name, at]) => [name, Number(at)])));
  }

  /** The map as the serving worker has it, for its successor: a reload closes no breaker. */
  async carriedOver(): Promise<string> {
    return [...(await this.#inProxy())].map(([name, openedAt]) => `${name} ${openedAt}\n`).join('');
  }

  /** Tells a worker that just came what it cannot know: what opened while it started, or before a proxy died. */
  async openAgain(now: number): Promise<void> {
    for (const [name, at] of this.#breakers.opened(now)) await this.#open(name, at);
  }

  async #inProxy(): Promise<ReadonlyMap<string, string>> {
    const { line, layout } = this.#parts;
    try {
      const worker = await line.current();
      if (worker === undefined) return new Map();
      return parseMap(await line.ask(worker, `show map ${layout.breakerMap}`));
    } catch {
      // No proxy runs: no breaker is open.
      return new Map();
    }
  }

  ended(end: ToldEnd): void {
    const sample = sampleOf(end);
    if (sample === undefined) return;
    for (const name of this.#breakers.record(sample)) {
      this.tell(sample.at);
      void this.#open(name, sample.at);
    }
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
