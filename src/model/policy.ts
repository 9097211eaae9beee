/**
 * What is done to the requests of a route on their way, in the order in which the user listed it. Traefik calls these
 * middlewares. A closed union, so that the proxy's renderer handles every form.
 */
export type Policy =
  | RateLimit
  | InFlight
  | Breaker
  | Retry
  | { readonly kind: 'body-limit'; readonly bytes: number }
  | Headers
  | { readonly kind: 'cors'; readonly cors: Cors }
  | { readonly kind: 'ip-allow'; readonly ranges: readonly string[]; readonly status: number }
  | BasicAuth
  | { readonly kind: 'redirect-scheme'; readonly scheme: string; readonly port?: number; readonly permanent: boolean }
  | {
      readonly kind: 'redirect-regexp';
      readonly pattern: string;
      readonly replacement: string;
      readonly permanent: boolean;
    }
  | { readonly kind: 'strip-prefix'; readonly prefixes: readonly string[] }
  | { readonly kind: 'strip-prefix-regexp'; readonly patterns: readonly string[] }
  | { readonly kind: 'add-prefix'; readonly prefix: string }
  | { readonly kind: 'replace-path'; readonly path: string }
  | { readonly kind: 'replace-path-regexp'; readonly pattern: string; readonly replacement: string }
  | { readonly kind: 'compress' }
  | Sticky;

export type PolicyKind = Policy['kind'];

/** By what clients are told apart. A trusted proxy's X-Forwarded-For counts for `address`, nobody else's does. */
export type Source =
  | { readonly kind: 'address' }
  | { readonly kind: 'host' }
  | { readonly kind: 'header'; readonly name: string }
  /** A claim of the bearer token. The token is not verified here: only a service that does may rely on it. */
  | { readonly kind: 'claim'; readonly name: string };

/** `average` requests in each period, and up to `burst` at once after a pause. */
export interface RateWindow {
  readonly average: number;
  readonly periodMs: number;
  readonly burst: number;
}

/** A request must find room in every window; one that does not gets 429. */
export interface RateLimit {
  readonly kind: 'rate-limit';
  readonly windows: readonly RateWindow[];
  readonly source: Source;
}

/** So many requests of one source at once; more get 429. */
export interface InFlight {
  readonly kind: 'in-flight';
  readonly amount: number;
  readonly source: Source;
}

/** Answers 503 by itself for a while when the service does badly, then lets a growing share through again. */
export interface Breaker {
  readonly kind: 'breaker';
  readonly when: BreakerTest;
  /** As the user wrote it, for people. */
  readonly expression: string;
  readonly checkMs: number;
  readonly fallbackMs: number;
  readonly recoveryMs: number;
  readonly status: number;
  /** Fewer answers than this within the window say nothing. */
  readonly minRequests: number;
}

export type BreakerMetric =
  /** Share of the answers with a code in [from, to) among those in [ofFrom, ofTo), 0 to 1. */
  | {
      readonly kind: 'code-ratio';
      readonly from: number;
      readonly to: number;
      readonly ofFrom: number;
      readonly ofTo: number;
    }
  /** Milliseconds within which `quantile` per cent of the answers came. */
  | { readonly kind: 'latency'; readonly quantile: number }
  /** Share of requests to which no whole answer came, 0 to 1. */
  | { readonly kind: 'network-errors' };

export type BreakerTest =
  | {
      readonly kind: 'compare';
      readonly metric: BreakerMetric;
      readonly sign: '>' | '>=' | '<' | '<=' | '==' | '!=';
      readonly value: number;
    }
  | { readonly kind: 'all' | 'any'; readonly of: readonly BreakerTest[] }
  | { readonly kind: 'not'; readonly of: BreakerTest };

/** How often a request may be sent to an instance; only what never arrived, or may run twice, is sent again. */
export interface Retry {
  readonly kind: 'retry';
  /** All tries together, the first included. */
  readonly attempts: number;
  /** Answers that count as failures too; of the codes that HAProxy can retry. */
  readonly statuses: readonly number[];
}

/** Headers set or, with an empty value, removed. */
export interface Headers {
  readonly kind: 'headers';
  readonly request: Readonly<Record<string, string>>;
  readonly response: Readonly<Record<string, string>>;
  /** Strict-Transport-Security, sent over HTTPS only. */
  readonly hsts?: string;
}

export interface Cors {
  /** Exact origins, or `*`. */
  readonly origins: readonly string[];
  readonly originPatterns: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly expose: readonly string[];
  readonly credentials: boolean;
  /** Seconds for which a browser may remember the answer. */
  readonly maxAge: number | undefined;
}

export interface BasicAuth {
  readonly kind: 'basic-auth';
  /** `NAME:HASH` as htpasswd writes them. */
  readonly users: readonly string[];
  readonly realm: string;
  /** Keeps the credentials from the instance. */
  readonly removeHeader: boolean;
  /** Request header that tells the instance who it is. */
  readonly userHeader: string | undefined;
}

/** A client stays with the instance that answered it first, while that one takes requests. */
export interface Sticky {
  readonly kind: 'sticky';
  readonly cookie: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'none' | 'lax' | 'strict' | undefined;
}
