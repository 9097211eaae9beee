import type { Said } from '#core/messages/say.ts';
import type { Step } from './plan.ts';
import type { DeploymentState } from './status.ts';

/**
 * Why a deployment turned round. `interrupted`: after a restart it could not be resumed. `paused`: it failed, and
 * `failure_action: pause` keeps what has moved.
 */
export type UndoCause = 'failed' | 'cancelled' | 'interrupted' | 'paused';

/** What people may order of a canary that is under way. */
export type SteeringOrder = 'promote' | 'promote-full' | 'pause' | 'resume' | 'abort';

/**
 * What a deployment wrote down: each intent before it acts, each outcome after. The state of a deployment is a fold of
 * these. `time` is milliseconds since the epoch.
 */
export type JournalEvent = { readonly time: number } & (
  | { readonly kind: 'step-started'; readonly step: string }
  | { readonly kind: 'step-done'; readonly step: string }
  | { readonly kind: 'step-failed'; readonly step: string; readonly reason: Said }
  /** `gates`: the steps that were judging at that moment. */
  | {
      readonly kind: 'steered';
      readonly order: SteeringOrder;
      readonly gates: readonly string[];
      readonly by: string;
    }
  | {
      readonly kind: 'undo-begun';
      readonly cause: UndoCause;
      readonly reason: Said;
      /** The steps that lead back, as data, so that undoing is resumed as it was decided. */
      readonly steps: readonly Step[];
    }
  | {
      readonly kind: 'ended';
      readonly state: DeploymentState;
      readonly reason: Said | undefined;
      readonly code: number;
    }
);
