import type { InstanceCounts, RequestEnd, TimeWindow, TrafficOf, TrafficStats } from '#model/metrics.ts';
import type { BackendId } from '#model/route.ts';

/** What the proxy measured; `status`, the analysis of a canary and the metrics page read the same numbers. */
export interface Meter {
  /**
   * What ended in the window, at the accuracy of one second: whole seconds that overlap it count. At least the last
   * fifteen minutes are known; what lies before counts as nothing. A second is whole about a second after its end.
   */
  stats(of: TrafficOf, window: TimeWindow): TrafficStats;
}

/** Where the proxy's adapter puts what it hears. */
export interface TrafficSink {
  /** Counters are exact, and come once a second. */
  counted(counts: InstanceCounts): void;
  /** A request is over; under load one of several is told. */
  ended(end: RequestEnd): void;
  /** What runs now at each instance, all at once. */
  inFlight(now: readonly { readonly backend: BackendId; readonly instance: string; readonly requests: number }[]): void;
}
