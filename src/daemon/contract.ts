import type { Severity } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import type { Code } from '#core/messages/catalogue.ts';
import type { Said } from '#core/messages/say.ts';
import type {
  AdoptResult,
  InnerResult,
  MakeLine,
  PausedService,
  PlanResult,
  ProjectRequest,
  ResumedService,
} from '#engine/api.ts';
import type { CertificateStatus } from '#model/certificate.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { LogLine } from '#model/instance.ts';
import type { SteeringOrder } from '#model/journal.ts';
import type { ProjectEvent } from '#model/project-event.ts';
import type { DeploymentState, DeploymentStatus, ProjectStatus } from '#model/status.ts';
import type { TerminalSize } from '#world/attendant.ts';

/*
 * What travels between the daemon and its clients, types only. The daemon puts every `Said` into words in the
 * language that the client asks for (Accept-Language), so a client needs no catalogue.
 */

/** A message in the reader's language, with the code that scripts match on and what to type next. */
export interface Words {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
}

/**
 * `T` as it travels. A member `reason: Said` becomes the text `reason`, with `reasonCode` and, where there is one,
 * `reasonHint` beside it: a script that only prints needs no second look-up. A `Said` in a list becomes `Words`.
 */
export type Worded<T> = T extends Said
  ? Words
  : T extends readonly (infer Item)[]
    ? readonly Worded<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: MaybeSaid<T[K]> extends true ? string | Extract<T[K], undefined> : Worded<T[K]> } & {
          readonly [K in keyof T as MaybeSaid<T[K]> extends true ? `${K & string}Code` : never]?: Code;
        } & {
          readonly [K in keyof T as MaybeSaid<T[K]> extends true ? `${K & string}Hint` : never]?: string;
        }
      : T;

type MaybeSaid<T> = [Exclude<T, undefined>] extends [never] ? false : Exclude<T, undefined> extends Said ? true : false;

/** A finding as it travels: the same shape as an error, with its severity. */
export interface WordedFinding extends Words {
  readonly severity: Severity;
  readonly at?: Location;
}

/** The body of every answer that is no success. */
export interface ErrorBody {
  readonly error: Words & { readonly at?: Location; readonly findings?: readonly WordedFinding[] };
}

type IsoTime<T> = T extends { readonly time: number } ? Omit<T, 'time'> & { readonly time: string } : never;

/** One line of `deploy --json`. */
export type WireEvent = IsoTime<DeploymentEvent> extends infer E ? (E extends object ? Worded<E> : never) : never;

/** One line of `logs --json`. */
export type WireLogLine = IsoTime<LogLine>;

/** One line of `events --json`; `text` says it all in words. */
export type WireProjectEvent =
  IsoTime<ProjectEvent> extends infer E ? (E extends object ? Worded<E & { readonly text: Said }> : never) : never;

export type WireStatus = Worded<ProjectStatus>;
/** One of `GET /certificates`. */
export type WireCertificate = Worded<CertificateStatus>;
export type WireDeployment = Worded<DeploymentStatus>;

/** A line of `POST /makes`; the last one may say why the rest could not be made. */
export type WireMakeLine = MakeLine | { readonly error: Words };

/** What a client says after an order of `POST /projects/NAME/run` with `attended`; bytes in base64. */
export type WireGesture =
  | { readonly input: string }
  | { readonly inputEnded: true }
  | { readonly resize: TerminalSize }
  | { readonly signal: string };

/** What it is told meanwhile; the last line says how it ended, or why it could not be run. */
export type WireRunLine =
  | { readonly joined: 'terminal' | 'streams' }
  | { readonly stdout: string }
  | { readonly stderr: string }
  | { readonly result: InnerResult }
  | { readonly failure: { readonly status: number; readonly body: ErrorBody } };

export type WirePlan = Omit<PlanResult, 'findings'> & { readonly findings: readonly WordedFinding[] };

/** Answer of `POST /adoptions`. */
export type WireAdoption = Omit<AdoptResult, 'findings'> & { readonly findings: readonly WordedFinding[] };

/** `GET /health`. */
export interface Health {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Still bringing back what should run, after a start. */
  readonly recovering: boolean;
  /** Deployments under way. */
  readonly deployments: number;
  readonly settings: EdgeSettings;
  /** Where a Prometheus reads the metrics, and why it cannot now; absent where nobody named an address. */
  readonly metrics?: MetricsState;
}

export interface MetricsState {
  readonly url: string;
  readonly reason?: string;
}

/** Where the edge listens. */
export interface EdgeSettings {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly edgeAddress: string;
  /** Proxies in front of the edge, whose X-Forwarded-* headers are believed; addresses or ranges. */
  readonly trustedProxies: readonly string[];
  /** The image that the proxy is to run from; empty when nobody named one. */
  readonly proxyImage: string;
  /** `ADDRESS:PORT` where the metrics may be read over the network; empty when nobody named one. */
  readonly metricsAddress: string;
}

/** Body of `POST /deployments`: what is to be done, how long to wait for the lock, who asks. */
export type DeploymentOrder = (
  | { readonly kind: 'deploy'; readonly request: ProjectRequest }
  | { readonly kind: 'rollback'; readonly project: string; readonly release?: number }
  | { readonly kind: 'scale'; readonly project: string; readonly replicas: Readonly<Record<string, number>> }
  | { readonly kind: 'restart'; readonly project: string; readonly services: readonly string[] }
  | { readonly kind: 'switchover' | 'down'; readonly project: string }
) & { readonly waitMs: number; readonly by: string };

/** Answer of `POST /deployments`; its events are at `/deployments/ID/events`. */
export interface DeploymentAccepted {
  readonly id: string;
  readonly project: string;
  /** Warnings and notes about the user's file; empty for what reads no file. */
  readonly findings: readonly WordedFinding[];
}

/** One of `GET /projects`. */
export interface ProjectSummary {
  readonly name: string;
  /** Folder of its Compose file at its last release. */
  readonly directory: string | undefined;
}

/** One of `GET /projects/NAME/releases`, newest first: no environment and no secret in it. */
export interface ReleaseSummary {
  readonly release: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly serving: boolean;
  readonly directory: string;
  readonly digest: string;
  readonly services: readonly {
    readonly name: string;
    readonly replicas: number;
    readonly strategy: string;
    /** Revision, image or provider that it runs. */
    readonly source: string;
  }[];
}

/** Answer of `POST /projects/NAME/canary`. */
export interface CanarySteered {
  readonly project: string;
  readonly deployment: string;
  readonly order: SteeringOrder;
}

type IsoSince<T> = Omit<T, 'since'> & { readonly since: string };

/** Answer of `POST /projects/NAME/pause`. */
export interface PauseBegun {
  readonly project: string;
  readonly paused: readonly IsoSince<PausedService>[];
}

/** Answer of `POST /projects/NAME/resume`. */
export interface PauseEnded {
  readonly project: string;
  readonly resumed: readonly IsoSince<ResumedService>[];
}

/** Answer of `POST /requirements`: what a deployment needs and this machine lacks. */
export interface Requirements {
  /** Of Debian, for whoever may install them. */
  readonly packages: readonly string[];
  /** Of the proxy; `POST /proxy-image` fetches them. */
  readonly images: readonly string[];
  /** Packages that would do instead of the images. */
  readonly instead: readonly string[];
}

export type { DeploymentState };
