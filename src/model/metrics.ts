import type { BackendId } from './route.ts';

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
  /** How many answers the times are from: under load one of several is told. */
  readonly timed: number;
  /** Milliseconds to the whole answer; absent when nothing was answered. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Requests that run now. */
  readonly inFlight: number;
}

/** `open`: nothing passes; `recovering`: a growing share does; `closed`: everything. */
export type BreakerState = 'closed' | 'open' | 'recovering';

/** The circuit breaker of a route. */
export interface BreakerStatus {
  readonly project: string;
  readonly service: string;
  readonly route: string;
  readonly state: BreakerState;
  /** Since when it is so, milliseconds since the epoch; undefined for one that never opened. */
  readonly since: number | undefined;
  /** How long it is so, milliseconds; of a closed one, how long it was not. */
  readonly lastsMs: number;
  /** The condition under which it opens. */
  readonly why: string;
}

/** By the first digit of the status; 0 holds what has none of the five. */
export type Answers = readonly [number, number, number, number, number, number];

/** What the proxy counted at one instance between two looks. */
export interface InstanceCounts {
  readonly backend: BackendId;
  readonly instance: string;
  /** The second in which it happened, milliseconds since the epoch. */
  readonly at: number;
  readonly answers: Answers;
  /** Connections, for what is no HTTP. */
  readonly connections: number;
  /** Answers that the instance began and did not end. */
  readonly brokenOff: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/**
 * How a request ended. `answered`: whole, by an instance; `failed`: no instance gave a whole answer; `refused`: the
 * proxy answered itself, by a policy or for want of a route; `abandoned`: the client went away.
 */
export type RequestEnding = 'answered' | 'failed' | 'refused' | 'abandoned';

/** One request, as the proxy tells it when it is over. */
export interface RequestEnd {
  /** When it ended, milliseconds since the epoch. */
  readonly at: number;
  /** From its first byte to the last of the answer. */
  readonly ms: number;
  /** How many requests it stands for: under load one of several is told. Failures are told one by one. */
  readonly weight: number;
  readonly ending: RequestEnding;
  /** Two letters of the proxy, see its manual: "Session state at disconnection". */
  readonly code: string;
  /** Undefined where no answer began. */
  readonly status: number | undefined;
  /** An instance began to answer, so it is in its counters too. */
  readonly counted: boolean;
  readonly backend: BackendId | undefined;
  /** The route's name at the edge; undefined for published ports and neighbours. */
  readonly route: string | undefined;
  readonly instance: string | undefined;
  /** It went on to another worker of the proxy, which tells it again with the instance, but without the route. */
  readonly handedOver: boolean;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly client: string;
  readonly method: string;
  readonly host: string | undefined;
  /** Without the query, which may hold secrets. */
  readonly path: string;
  readonly requestId: string | undefined;
}

/** A line of the access log. Times in ISO 8601; a path never has its query, which may hold secrets. */
export interface AccessLine {
  /** When the request ended. */
  readonly time: string;
  readonly project?: string;
  readonly service?: string;
  readonly route?: string;
  readonly instance?: string;
  readonly release?: number;
  readonly client: string;
  readonly method: string;
  readonly host?: string;
  readonly path: string;
  readonly status?: number;
  readonly ms: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly ended: RequestEnding;
  /** Two letters of the proxy. */
  readonly code: string;
  readonly requestId?: string;
  /** How many requests the line stands for, when there were too many to write down each. */
  readonly standsFor?: number;
}
