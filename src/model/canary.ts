/*
 * A canary: a new release that gets a growing share of the requests while it is compared with the stable one. How it
 * is to be judged, plain data resolved from `x-timonel.strategy`, and what came of it.
 */

/** What may be too much of a release's answers. Ratios from 0 to 1, the others in milliseconds. */
export type Measure = 'error-ratio' | 'p50' | 'p95' | 'p99';

/** How much of a measure is too much. With both bounds the canary must keep both. */
export interface Threshold {
  readonly measure: Measure;
  /** At most this: a ratio from 0 to 1, or milliseconds. */
  readonly most?: number;
  /** At most this many times what the stable release has in the same window. */
  readonly timesStable?: number;
  /** Below this nothing counts as too much beside the stable release: 2 ms are no failure where 1 ms is usual. */
  readonly floor?: number;
}

/** A number that must lie in these bounds, or a text that must be this one. */
export interface Demand {
  readonly most?: number;
  readonly least?: number;
  readonly equals?: string;
}

/** Somebody else's judgement, asked at every interval. */
export type CanaryCheck =
  /** An instant query; its first value counts. `url` is the server's, without `/api`. */
  | { readonly kind: 'prometheus'; readonly url: string; readonly query: string; readonly demand: Demand }
  /** `url`: absolute, or a path that every canary instance is asked for. `json`: dotted path into the answer. */
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly status: readonly number[];
      readonly json?: string;
      readonly demand: Demand;
    };

/** What becomes of a step whose verdict is still open after so long. */
export interface Inconclusive {
  /** Milliseconds beyond the step's own pause. */
  readonly forMs: number;
  readonly action: 'fail' | 'pause' | 'promote';
}

export interface CanaryAnalysis {
  readonly intervalMs: number;
  /** With fewer requests a release says nothing. */
  readonly minRequests: number;
  readonly thresholds: readonly Threshold[];
  readonly checks: readonly CanaryCheck[];
  readonly inconclusive: Inconclusive;
}

/** A share of the requests in percent, and how long at least it stays. */
export interface CanaryStep {
  readonly percent: number;
  /** `promoted`: until somebody types `timonel promote`. */
  readonly pause: number | 'promoted';
}

/** A tester's way in: requests that carry it reach the canary whatever its share is. */
export interface CanaryMatch {
  readonly kind: 'header' | 'cookie';
  readonly name: string;
  readonly value: string;
}

/** Keeps a client on the side that it met first, for as long as the share allows. */
export interface CanarySticky {
  readonly cookie: string;
  readonly maxAgeSeconds: number;
}

/** How clients are told apart, beside the weights. Any of `match` is enough. */
export interface CanaryRouting {
  readonly match: readonly CanaryMatch[];
  readonly sticky?: CanarySticky;
}

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** One comparison and what came of it. */
export type CanaryEvidence =
  | {
      readonly kind: 'threshold';
      readonly measure: Measure;
      readonly bound: 'most' | 'times-stable';
      readonly verdict: Verdict;
      readonly canary: number | undefined;
      /** What the stable release had, for bounds that are relative to it. */
      readonly stable: number | undefined;
      readonly limit: number | undefined;
    }
  | {
      readonly kind: 'check';
      /** The query or the address that was asked. */
      readonly asked: string;
      readonly verdict: Verdict;
      /** What it answered, as text. */
      readonly found: string | undefined;
    };

/** A canary at one moment: what `status` shows and every verdict tells. */
export interface CanaryReport {
  readonly service: string;
  /** 1 for the first share. */
  readonly position: number;
  readonly of: number;
  readonly percent: number;
  /** `waiting`: for `timonel promote`; `paused`: by `timonel pause`. */
  readonly state: 'judging' | 'waiting' | 'paused';
  readonly verdict: Verdict;
  readonly requests: { readonly canary: number; readonly stable: number };
  readonly evidence: readonly CanaryEvidence[];
  /** Milliseconds until the step may end; undefined while it waits for a person. */
  readonly leftMs: number | undefined;
}
