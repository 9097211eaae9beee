import type { StrategyKind, StrategyReason } from './spec.ts';

/** Which key made a service change; `from` and `to` are shown to people, so secrets arrive here already hidden. */
export interface Cause {
  /** Dotted path: `environment.LOG_LEVEL`, `source.revision`, `routes.web.match`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What a deployment does to one service, and why. */
export interface Change {
  readonly service: string;
  readonly action: 'keep' | 'create' | 'replace' | 'scale' | 'remove';
  readonly strategy: StrategyKind;
  readonly strategyReason: StrategyReason;
  /** The growing shares of a canary, in percent. */
  readonly shares?: readonly number[];
  readonly causes: readonly Cause[];
  /** How long requests are expected to be held, milliseconds; undefined when nothing pauses. */
  readonly pause: number | undefined;
}
