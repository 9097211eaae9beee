import { Histogram } from './histogram.ts';

/** How a request of a route ended, as the proxy told it. */
export interface Sample {
  /** The mark of the route it took. */
  readonly route: string;
  /** When it ended, milliseconds since the epoch. */
  readonly at: number;
  readonly status: number;
  readonly ms: number;
  /** No instance gave a whole answer: refused, reset or timed out. */
  readonly isNetworkError: boolean;
  /** How many requests this one stands for: under load the proxy tells one of several. */
  readonly weight: number;
}

/** Ten seconds in steps of one, as Traefik measures. */
const stepMs = 1000;
const steps = 10;

interface Step {
  start: number;
  total: number;
  networkErrors: number;
  readonly statuses: Map<number, number>;
  readonly times: Histogram;
}

/** What a route answered lately. */
export class Window {
  readonly #steps: Step[] = Array.from({ length: steps }, () => ({
    ...{ start: Number.NEGATIVE_INFINITY, total: 0, networkErrors: 0 },
    statuses: new Map(),
    times: new Histogram(),
  }));

  add({ at, status, ms, isNetworkError, weight }: Sample): void {
    const start = Math.floor(at / stepMs) * stepMs;
    const step = this.#steps[(start / stepMs) % steps];
    // Told late, about a step whose place a newer one took.
    if (step === undefined || step.start > start) return;
    if (step.start < start) {
      empty(step);
      step.start = start;
    }
    step.total += weight;
    if (isNetworkError) step.networkErrors += weight;
    step.statuses.set(status, (step.statuses.get(status) ?? 0) + weight);
    step.times.add(ms, weight);
  }

  clear(): void {
    for (const step of this.#steps) {
      empty(step);
      step.start = Number.NEGATIVE_INFINITY;
    }
  }

  /** Answers with a status in [from, to). */
  answers(now: number, from: number, to: number): number {
    let count = 0;
    for (const step of this.#current(now)) {
      for (const [status, times] of step.statuses) if (status >= from && status < to) count += times;
    }
    return count;
  }

  networkErrorRatio(now: number): number {
    const current = this.#current(now);
    const total = current.reduce((sum, step) => sum + step.total, 0);
    return total === 0 ? 0 : current.reduce((sum, step) => sum + step.networkErrors, 0) / total;
  }

  /** Milliseconds within which `quantile` per cent of the answers came. */
  latencyAt(now: number, quantile: number): number {
    const all = new Histogram();
    for (const step of this.#current(now)) all.addAll(step.times);
    return all.at(quantile);
  }

  #current(now: number): Step[] {
    const oldest = Math.floor(now / stepMs) * stepMs - (steps - 1) * stepMs;
    return this.#steps.filter((step) => step.start >= oldest);
  }
}

function empty(step: Step): void {
  step.total = 0;
  step.networkErrors = 0;
  step.statuses.clear();
  step.times.clear();
}
