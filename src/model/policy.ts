/*
 * What happens to the requests of a route on their way: limits, guards, rewriting. Plain data, made from Traefik
 * labels or from `x-timonel.route`; the balancer renders it.
 */

/** Which requests share one allowance. */
export type ClientKey =
  /**
   * The client's address. `depth` takes the entry of X-Forwarded-For that a trusted proxy wrote, counted from its end
   * (1 is the last), and the peer's own address where there is none.
   */
  | { readonly kind: 'address'; readonly depth?: number }
  /** A request header's value; a request without it counts by its address. */
  | { readonly kind: 'header'; readonly name: string }
  /** A claim of the bearer token, whose signature is NOT checked; a request without it counts by its address. */
  | { readonly kind: 'jwt-claim'; readonly claim: string }
  /** The host name that is asked for. */
  | { readonly kind: 'host' };

/** `requests` in any `perMs` milliseconds. */
export interface Window {
  readonly requests: number;
  readonly perMs: number;
}

/** Refills with `average` tokens per `periodMs`, holds `burst`; or several windows that must all have room. */
export type Allowance =
  | { readonly kind: 'bucket'; readonly average: number; readonly periodMs: number; readonly burst: number }
  | { readonly kind: 'windows'; readonly windows: readonly Window[] };

export type Comparison = '>' | '>=' | '<' | '<=' | '==' | '!=';

/** A number measured over the breaker's window. */
export type Measure =
  /** Answers with a status in [from, to) per answers with one in [ofFrom, ofTo). */
  | {
      readonly kind: 'response-code-ratio';
      readonly from: number;
      readonly to: number;
      readonly ofFrom: number;
      readonly ofTo: number;
    }
  /** Requests without an answer of the instance, per request. */
  | { readonly kind: 'network-error-ratio' }
  /** Milliseconds within which this share (0 to 100) of the answers came. */
  | { readonly kind: 'latency-at-quantile'; readonly quantile: number };

/** When a breaker opens. */
export type BreakerExpression =
  | { readonly kind: 'compare'; readonly measure: Measure; readonly than: Comparison; readonly value: number }
  | { readonly kind: 'all'; readonly of: readonly BreakerExpression[] }
  | { readonly kind: 'any'; readonly of: readonly BreakerExpression[] }
  | { readonly kind: 'not'; readonly of: BreakerExpression };

/** Opens when `expression` holds, answers `status` for `fallbackMs`, then lets in more and more for `recoveryMs`. */
export interface BreakerRule {
  readonly kind: 'breaker';
  readonly expression: BreakerExpression;
  readonly checkPeriodMs: number;
  readonly fallbackMs: number;
  readonly recoveryMs: number;
  readonly status: number;
}

export interface BasicAuthUser {
  readonly name: string;
  /** As `htpasswd` writes it: `$apr1$`, `{SHA}`, `$2y$`, or crypt's `$5$` and `$6$`. */
  readonly hash: string;
}

/** Which origins may read answers from a page of theirs. */
export interface CorsRule {
  readonly kind: 'cors';
  /** `*` allows all. */
  readonly origins: readonly string[];
  readonly originPatterns: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** Statuses from `from` to `to`, both among them. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** A page of another service in place of an answer with one of these statuses, the proxy's own answers among them. */
export interface ErrorPagesRule {
  readonly kind: 'error-pages';
  readonly statuses: readonly StatusRange[];
  /** The client gets `status` instead of one in the range; the first that fits counts. */
  readonly rewrites: readonly (StatusRange & { readonly status: number })[];
  /** Who has the pages: a service of the same project, and its port. */
  readonly service: string;
  readonly port: number;
  /** Path of the page, in which `{status}`, `{originalStatus}` and `{url}` are replaced. */
  readonly query: string;
  /** Names of the request's headers that the pages' service gets too; all of them without it. */
  readonly headers?: readonly string[];
}

/** One thing done to a request or its answer. Their order in a policy is the order in which a request meets them. */
export type PolicyRule =
  | { readonly kind: 'rate-limit'; readonly key: ClientKey; readonly allowance: Allowance }
  | { readonly kind: 'in-flight'; readonly key: ClientKey; readonly amount: number }
  | BreakerRule
  | ErrorPagesRule
  /** The first try counts. `statuses` are tried again too, for requests that may run twice. */
  | {
      readonly kind: 'retry';
      readonly attempts: number;
      readonly initialIntervalMs?: number;
      readonly statuses: readonly number[];
    }
  /** A longer request body gets 413. */
  | { readonly kind: 'body-limit'; readonly bytes: number }
  /** Headers for the instance; an empty value removes one. */
  | { readonly kind: 'request-headers'; readonly set: readonly Header[] }
  /** Headers for the client, on errors too; an empty value removes one. */
  | { readonly kind: 'response-headers'; readonly set: readonly Header[] }
  | {
      readonly kind: 'hsts';
      readonly seconds: number;
      readonly subdomains: boolean;
      readonly preload: boolean;
      /** Also on plain HTTP, where browsers ignore it. */
      readonly always: boolean;
    }
  | CorsRule
  | {
      readonly kind: 'host-allow';
      readonly hosts: readonly string[];
      /** Headers in which a proxy in front may tell the host that it was asked for; the first that is there counts. */
      readonly headers?: readonly string[];
    }
  | {
      readonly kind: 'ip-allow';
      readonly ranges: readonly string[];
      readonly depth?: number;
      /** What others get. */
      readonly status: number;
    }
  | {
      readonly kind: 'basic-auth';
      readonly users: readonly BasicAuthUser[];
      readonly realm: string;
      /** Keeps the password from the instance. */
      readonly removeHeader: boolean;
      /** Tells the instance who it is. */
      readonly userHeader?: string;
    }
  | {
      readonly kind: 'redirect-scheme';
      readonly scheme: 'http' | 'https';
      readonly port?: number;
      readonly permanent: boolean;
    }
  /** On the whole URL; `replacement` has `${1}` for groups, as Go writes them. */
  | {
      readonly kind: 'redirect-regex';
      readonly pattern: string;
      readonly replacement: string;
      readonly permanent: boolean;
    }
  | { readonly kind: 'strip-prefix'; readonly prefixes: readonly string[] }
  | { readonly kind: 'strip-prefix-regex'; readonly patterns: readonly string[] }
  | { readonly kind: 'add-prefix'; readonly prefix: string }
  | { readonly kind: 'replace-path'; readonly path: string }
  | { readonly kind: 'replace-path-regex'; readonly pattern: string; readonly replacement: string }
  | { readonly kind: 'compress'; readonly types: readonly string[] }
  /** How long an answer may take to begin, and how long an open connection may be silent. */
  | { readonly kind: 'timeout'; readonly answerMs?: number; readonly silenceMs?: number };

export type PolicyKind = PolicyRule['kind'];

export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Keeps a client at the instance that answered it first, by a cookie that does not tell which one it is. */
export interface StickyCookie {
  readonly name: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite?: 'none' | 'lax' | 'strict';
  readonly maxAgeSeconds?: number;
}

/**
 * When an instance that fails gets nothing new for a while: after so many errors one after the other, or when its share
 * of errors exceeds that of the others of its release.
 */
export interface OutlierRule {
  readonly consecutive: number;
  /** By how much its share of errors may exceed that of its siblings, 0 to 1. */
  readonly excess: number;
  /** With fewer requests in the window neither it nor its siblings are compared. */
  readonly minRequests: number;
  readonly windowMs: number;
  /** The first pause; each that follows soon is twice as long, up to the longest. */
  readonly pauseMs: number;
  readonly mostPauseMs: number;
  /** At most this share of the instances is out at once; one may always be. */
  readonly mostShare: number;
}

/** A route's policy. What its service's instances have in common (`sticky`, `scheme`) counts for all its requests. */
export interface RoutePolicy {
  readonly rules: readonly PolicyRule[];
  readonly sticky?: StickyCookie;
  readonly outliers?: OutlierRule;
  /** What the instances speak; http without it. */
  readonly scheme?: 'https';
}
