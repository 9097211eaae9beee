import type { Said } from '#core/messages/say.ts';
import type { Steering } from '#rollout/steering.ts';
import type { Context } from '../execute/context.ts';

/** What a step's work may use while it runs. */
export interface Scope {
  readonly ctx: Context;
  readonly signal: AbortSignal;
  /** When the step was begun for the first time, also before a restart of the daemon. */
  readonly startedAt: number;
  /** What people order of a canary, and how to hear of it. */
  readonly orders: { readonly steering: Steering; onSteered(listener: () => void): () => void };
  readonly progress: (text: Said) => void;
  /** Registers what must become true in the same moment as the step's outcome is journalled. */
  readonly together: (write: () => void) => void;
}
