import type { TimeWindow, TrafficOf, TrafficStats } from '#model/metrics.ts';

/** What the proxy measured; `status`, the analysis of a canary and the metrics page read the same numbers. */
export interface Meter {
  /**
   * What ended in the window, at the accuracy of one second: whole seconds that overlap it count. At least the last
   * fifteen minutes are known; what lies before counts as nothing.
   */
  stats(of: TrafficOf, window: TimeWindow): TrafficStats;
}
