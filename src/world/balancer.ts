import type { ServedCertificate } from '#model/certificate.ts';
import type { BreakerStatus } from '#model/metrics.ts';
import type { BackendId, RouteTable } from '#model/route.ts';

/** What the proxy knows of one instance behind one backend. Counters grow until the proxy restarts. */
export interface ServerCounters {
  readonly backend: BackendId;
  readonly server: string;
  /** Requests or connections in flight now. */
  readonly sessions: number;
  readonly requests: number;
  readonly serverErrors: number;
  readonly connectErrors: number;
  readonly state: 'ready' | 'drain' | 'maint' | 'down';
  readonly weight: number;
}

/**
 * The proxy that carries all traffic. Declarative: `apply` makes it equal a table, by its runtime socket where that is
 * enough and by a reload that hands over its sockets where it is not. Calling it again with the same table does nothing.
 */
export interface Balancer {
  /** Starts the proxy when it does not run (with the last applied table); adopts one that does. */
  ensureRunning(): Promise<void>;

  /** Makes the proxy carry exactly `table`. Resolves once new requests follow it. */
  apply(table: RouteTable): Promise<{ readonly reloaded: boolean }>;

  /** Counters and in-flight of every server, draining workers of an earlier reload included where the proxy can tell. */
  observe(backends?: readonly BackendId[]): Promise<readonly ServerCounters[]>;

  /** Who holds this address and port, when it is not our proxy: pid and name, for the error message. */
  portHolder(address: string, port: number): Promise<{ readonly pid: number; readonly name: string } | undefined>;

  /**
   * Answers an authority that asks for `token` (ACME http-01) on the HTTP entry, until it is called with `undefined`.
   * A route whose certificate is ordered so must have been applied.
   */
  answerChallenge(token: string, answer: string | undefined): Promise<void>;

  /** The certificates of the table that was applied last, in this daemon's life. */
  certificates(): readonly ServedCertificate[];

  /** The circuit breakers of the table that was applied last. */
  breakers(): readonly BreakerStatus[];

  /** Calls `listener` when a breaker opens, recovers or closes. */
  watchBreakers(listener: (breaker: BreakerStatus) => void): () => void;

  /** Calls `listener` when the proxy dies unasked (it is restarted by `ensureRunning`). */
  watch(listener: () => void): () => void;

  /** Ends the proxy: no traffic passes afterwards. */
  stop(): Promise<void>;

  /** Lets go of sockets and watchers. The proxy keeps running. */
  close(): Promise<void>;
}
