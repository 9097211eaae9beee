import type { Said } from '#core/messages/say.ts';
import type { CanaryReport } from './canary.ts';
import type { DeploymentKind } from './plan.ts';
import type { DeploymentState } from './status.ts';

/**
 * What happened to a project, one thing each: what `timonel events` prints. `time` is milliseconds since the epoch
 * inside, ISO 8601 on the wire. Additions only.
 */
export type ProjectEvent = { readonly time: number; readonly project: string } & (
  | OfDeployment
  | OfService
  | { readonly event: 'proxy-died' | 'proxy-restarted' }
);

/** Who deploys what. */
interface Deployed {
  readonly deployment: string;
  readonly kind: DeploymentKind;
  readonly by: string;
  /** Numbers of releases; undefined where there was none, or no plan was made. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

type OfDeployment = Deployed &
  (
    | { readonly event: 'deployment-began' }
    | { readonly event: 'deployment-ended'; readonly state: DeploymentState; readonly reason: Said | undefined }
  );

type OfService = { readonly service: string } & (
  | ({ readonly event: 'canary-verdict'; readonly deployment: string } & Omit<
      CanaryReport,
      'service' | 'evidence' | 'leftMs'
    >)
  | { readonly event: 'paused'; readonly by: string; readonly maxMs: number }
  | { readonly event: 'resumed'; readonly by: string; readonly forMs: number }
  | OfInstance
  | OfBreaker
  | OfCertificate
);

type OfInstance = { readonly instance: string } & (
  | { readonly event: 'instance-unhealthy' | 'instance-healthy' | 'instance-returned' }
  /** Fields are undefined for an end that nobody saw. */
  | {
      readonly event: 'instance-died';
      readonly code: number | undefined;
      readonly signal: string | undefined;
      readonly outOfMemory: boolean;
    }
  | { readonly event: 'instance-restarted' | 'instance-gave-up'; readonly restarts: number }
  /** It fails where its siblings do not, and gets nothing new for `forMs`. */
  | { readonly event: 'instance-ejected'; readonly reason: Said; readonly forMs: number }
);

/** `forMs`: how long it will be so; of a closed one, how long it was not. */
interface OfBreaker {
  readonly event: 'breaker-opened' | 'breaker-recovering' | 'breaker-closed';
  readonly route: string;
  /** The condition under which it opens. */
  readonly why: string;
  readonly forMs: number;
}

type OfCertificate = { readonly host: string } /** ISO 8601. */ & (
  | { readonly event: 'certificate-issued' | 'certificate-renewed'; readonly expires: string }
  | { readonly event: 'certificate-failed'; readonly reason: Said }
);

/** Which events of a project are asked for. Times in milliseconds since the epoch, both inclusive. */
export interface EventQuery {
  readonly project: string;
  /** Empty: also what concerns no service. */
  readonly services: readonly string[];
  readonly since?: number;
  readonly until?: number;
  /** At most this many of the newest. */
  readonly tail?: number;
  readonly follow?: boolean;
}
