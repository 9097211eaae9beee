/** Whose traffic is meant; every member narrows it. */
export interface TrafficOf {
  readonly project: string;
  readonly service: string;
  /** The route's name at the edge. */
  readonly route?: string;
  readonly release?: number;
  readonly instances?: readonly string[];
}

/** From `from` (inclusive) to `to` (exclusive), milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** What was answered in a window of time, as the proxy saw it. */
export interface TrafficStats {
  readonly requests: number;
  /** Answers by the first digit of their status. */
  readonly answers: Readonly<Record<1 | 2 | 3 | 4 | 5, number>>;
  /** No instance gave a whole answer: refused, reset or timed out. Counted in `requests`; their 5xx is not in `answers`. */
  readonly networkErrors: number;
  /** Milliseconds to the whole answer; absent when nothing was answered. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Requests that run now. */
  readonly inFlight: number;
}
