import type { CanaryAnalysis, CanaryRouting, CanaryStep } from './canary.ts';
import type { Dependency, Service } from './project.ts';
import type { Balance, Endpoint, Route } from './route.ts';

export type RuntimeKind = 'process' | 'docker';

/** What an instance is made from, pinned so that the same release always runs the same thing. */
export type Source =
  /** Code run as a process from a snapshot of its context. `revision` hashes every file that counts. */
  | { readonly kind: 'tree'; readonly context: string; readonly revision: string; readonly ports: readonly number[] }
  /** A locally installed server that stands in for a well-known image. `revision` names provider and version. */
  | {
      readonly kind: 'provider';
      readonly provider: string;
      readonly revision: string;
      readonly ports: readonly number[];
    }
  /** An image, by digest once resolved. */
  | {
      readonly kind: 'image';
      readonly reference: string;
      readonly revision: string;
      readonly ports: readonly number[];
    };

/** How to ask whether an instance is ready. Times in milliseconds. */
export type Probe = ProbeKind & {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures in a row, after the start period, that make a healthy instance unhealthy. */
  readonly retries: number;
  /** Failures do not count for this long after the start. */
  readonly startPeriodMs: number;
  /** Interval during the start period. */
  readonly startIntervalMs: number;
};

export type ProbeKind =
  | {
      readonly kind: 'http';
      readonly port: number;
      readonly path: string;
      readonly scheme: 'http' | 'https';
      readonly host?: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Accepted status codes; empty means 200 to 399. */
      readonly status: readonly number[];
    }
  | { readonly kind: 'tcp'; readonly port: number }
  /** The healthcheck of Compose: run inside the instance, exit code 0 is healthy. */
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | { readonly kind: 'log'; readonly pattern: string }
  /** Nothing to ask: ready when still running after `forMs` without a restart. */
  | { readonly kind: 'running'; readonly forMs: number };

export type Strategy =
  | ({
      readonly kind: 'rolling' /** How a rollback goes, where it goes otherwise. */;
      readonly back?: Batches;
    } & Batches)
  | { readonly kind: 'blue-green'; readonly warmMs: number }
  | { readonly kind: 'recreate' }
  | {
      readonly kind: 'canary';
      /** Growing shares; the last is 100 percent. */
      readonly steps: readonly CanaryStep[];
      readonly routing: CanaryRouting;
      readonly analysis: CanaryAnalysis;
    };

/** How instances are replaced batch by batch. */
export interface Batches {
  readonly parallelism: number;
  readonly delayMs: number;
  readonly order: 'start-first' | 'stop-first';
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  readonly monitorMs: number;
  readonly maxFailureRatio: number;
}

export type StrategyKind = Strategy['kind'];

/** The watch kept on new instances after the switch. */
export interface Observe {
  readonly forMs: number;
  /** Share of 5xx answers, 0 to 1, above which the old release comes back. */
  readonly errorRatio: number;
  /** Fewer requests than this say nothing about the ratio. */
  readonly minRequests: number;
}

export interface HoldOptions {
  readonly maxMs: number;
  readonly limit: number;
}

export interface RestartPolicy {
  readonly condition: 'none' | 'on-failure' | 'any';
  readonly delayMs: number;
  /** Undefined: without end. */
  readonly maxAttempts: number | undefined;
  readonly windowMs: number;
}

/** A secret or config as a file inside an instance. `content` is base64; it is stored with the release. */
export interface GrantedFile {
  readonly kind: 'secret' | 'config';
  /** Absolute path inside the instance. */
  readonly target: string;
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** How a service runs as plain processes (`x-timonel.process`). */
export interface ProcessOptions {
  /** Argument list, no shell; undefined: entrypoint + command of the Compose file. */
  readonly command: readonly string[] | undefined;
  /** Working folder, relative to the source's root. */
  readonly cwd: string;
  /** Shell commands run once per revision in the fresh snapshot, before anything starts. */
  readonly setup: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A command run once per release in the new code, before any new instance gets traffic (migrations). */
export interface ReleaseCommand {
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** Why a service's plan is made the way it is, when the user did not choose. */
export type StrategyReason = 'chosen' | 'default' | 'volume' | 'tcp' | 'fixed-port';

/** Everything a release says of one service, resolved: nothing later looks at defaults, labels or files again. */
export interface ServiceSpec {
  readonly name: string;
  readonly runtime: RuntimeKind;
  readonly replicas: number;
  readonly service: Service;
  /** The final environment, byte-exact, of `environment`, `env_file` and `x-timonel.process.env`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly GrantedFile[];
  readonly source: Source;
  readonly endpoints: readonly Endpoint[];
  readonly routes: readonly Route[];
  readonly balance: Balance;
  readonly probe: Probe;
  readonly strategy: Strategy;
  readonly strategyReason: StrategyReason;
  readonly observe: Observe;
  readonly hold: HoldOptions;
  readonly releaseCommand: ReleaseCommand | undefined;
  readonly process: ProcessOptions;
  readonly dependsOn: Readonly<Record<string, Dependency>>;
  readonly restart: RestartPolicy;
  readonly stopSignal: string;
  readonly stopGraceMs: number;
  /** True for services that end by themselves and are waited for (`service_completed_successfully`). */
  readonly oneShot: boolean;
  /** Equal fingerprints: an instance of the one serves the other. Covers all that only a new instance can change. */
  readonly fingerprint: string;
}
