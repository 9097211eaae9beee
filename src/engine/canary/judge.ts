import type { CanaryAnalysis, CanaryEvidence, Threshold, Verdict } from '#model/canary.ts';
import type { TimeWindow, TrafficStats } from '#model/metrics.ts';
import { analyse, type ReleaseStats } from '#monitor/analysis/analyse.ts';
import type { Meter } from '#world/meter.ts';

const second = 1000;

/** The meter forgets what is older, milliseconds; a little less than it promises. */
const memoryMs = 14 * 60 * second;

interface Sides {
  readonly project: string;
  readonly service: string;
  readonly canary: readonly string[];
  readonly stable: readonly string[];
}

/** Requests that both sides had, and what they say. */
export interface Finding {
  readonly verdict: Verdict;
  readonly evidence: readonly CanaryEvidence[];
  readonly requests: { readonly canary: number; readonly stable: number };
}

interface Options extends Sides {
  readonly meter: Meter;
  readonly analysis: CanaryAnalysis;
  /** Since when the canary has its share, milliseconds since the epoch. */
  readonly since: number;
}

/** Compares both sides by what the proxy measured since the share began. */
export class CanaryJudge {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * The newest interval speaks first, because a release may turn bad late; where it had too few requests, the whole
   * time of the share does.
   *
   * @param comparable does anything of the stable release work, so that to be worse than it means something?
   */
  verdict(now: number, comparable: boolean): Finding {
    const { intervalMs, thresholds } = this.#options.analysis;
    const whole = this.#window(now);
    const relevant = comparable ? thresholds : absolute(thresholds);
    const newest = { ...whole, from: Math.max(whole.from, whole.to - intervalMs) };
    const first = this.#compare(newest, relevant);
    const found = first.verdict === 'inconclusive' ? this.#compare(whole, relevant) : first;
    return { ...found, requests: this.#requests(whole) };
  }

  /** Has it failed beyond hope already? Only errors can say so before a verdict is due. */
  isLost(now: number): Finding | undefined {
    const errors = this.#options.analysis.thresholds.filter((one) => one.measure === 'error-ratio');
    const window = this.#window(now);
    const found = this.#compare(window, absolute(errors));
    return found.verdict === 'fail' ? { ...found, requests: this.#requests(window) } : undefined;
  }

  #compare(window: TimeWindow, thresholds: readonly Threshold[]): Omit<Finding, 'requests'> {
    if (thresholds.length === 0) return { verdict: 'pass', evidence: [] };
    const { canary, stable, analysis } = this.#options;
    const sides = { canary: this.#stats(canary, window), stable: this.#stats(stable, window) };
    return analyse({ ...sides, thresholds, minRequests: analysis.minRequests });
  }

  #requests(window: TimeWindow): Finding['requests'] {
    const { canary, stable } = this.#options;
    return { canary: this.#stats(canary, window).requests, stable: this.#stats(stable, window).requests };
  }

  #stats(instances: readonly string[], window: TimeWindow): ReleaseStats {
    const { meter, project, service } = this.#options;
    return window.to <= window.from
      ? { requests: 0, errors: 0, timed: 0 }
      : asRelease(meter.stats({ project, service, instances }, window));
  }

  /** Whole seconds that are over: what the meter knows of the present one is not yet all. */
  #window(now: number): TimeWindow {
    const to = Math.floor(now / second - 1) * second;
    return { from: Math.max(Math.ceil(this.#options.since / second) * second, to - memoryMs), to };
  }
}

function absolute(thresholds: readonly Threshold[]): readonly Threshold[] {
  return thresholds.flatMap(({ timesStable: _times, ...rest }) => (rest.most === undefined ? [] : [rest]));
}

function asRelease({ requests, answers, networkErrors, timed, p50, p95, p99 }: TrafficStats): ReleaseStats {
  return {
    ...{ requests, timed },
    errors: answers[5] + networkErrors,
    ...(p50 === undefined ? {} : { p50 }),
    ...(p95 === undefined ? {} : { p95 }),
    ...(p99 === undefined ? {} : { p99 }),
  };
}
