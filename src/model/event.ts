import type { Said } from '#core/messages/say.ts';
import type { CanaryEvidence, CanaryReport } from './canary.ts';
import type { Change } from './change.ts';
import type { DeploymentState } from './status.ts';

/**
 * What a deployment tells while it runs; `deploy --json` prints one a line. `time` is milliseconds since the epoch
 * inside, ISO 8601 on the wire.
 */
export type DeploymentEvent = { readonly time: number } & (
  | {
      readonly event: 'plan';
      readonly deployment: string;
      readonly from: number | undefined;
      readonly to: number;
      readonly changes: readonly Change[];
      readonly steps: readonly { readonly id: string; readonly service: string | undefined; readonly text: Said }[];
    }
  | { readonly event: 'waiting'; readonly holder: LockHolder }
  | { readonly event: 'step-started'; readonly step: string; readonly service: string | undefined; readonly text: Said }
  /** Something worth telling while a step runs: a probe's answer, a line of a build, what is being waited for. */
  | { readonly event: 'step-progress'; readonly step: string; readonly text: Said }
  | { readonly event: 'step-done'; readonly step: string; readonly tookMs: number }
  | {
      readonly event: 'step-failed';
      readonly step: string;
      readonly reason: Said;
      readonly evidence: Evidence | undefined;
    }
  | { readonly event: 'undo-started'; readonly step: string; readonly text: Said }
  | { readonly event: 'undo-done'; readonly step: string }
  /** A verdict on a canary, or that it waits for somebody. */
  | { readonly event: 'canary'; readonly step: string; readonly canary: CanaryReport }
  /** All new requests go to the new release from this moment. */
  | { readonly event: 'switched'; readonly service: string; readonly release: number }
  | {
      readonly event: 'end';
      readonly state: DeploymentState;
      readonly release: number | undefined;
      /** The exit code that the CLI ends with. */
      readonly code: number;
      readonly reason: Said | undefined;
      readonly evidence: Evidence | undefined;
      readonly urls: readonly string[];
      /** What is still not as usual: services whose requests wait. */
      readonly warnings?: readonly Said[];
    }
);

/** What was seen when something failed: enough to act on without looking elsewhere. */
export interface Evidence {
  readonly instance: string | undefined;
  /** The last answer of the probe, as a sentence. */
  readonly lastProbe: Said | undefined;
  /** Up to 50 last lines of the instance. */
  readonly logs: readonly string[];
  /** What a canary was judged by. */
  readonly analysis?: readonly CanaryEvidence[];
}

/** Who deploys now. */
export interface LockHolder {
  readonly deployment: string;
  readonly since: number;
  readonly step: string | undefined;
  readonly by: string;
}
