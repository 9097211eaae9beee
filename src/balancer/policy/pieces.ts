import type { PolicyKind, PolicyRule } from '#model/policy.ts';
import type { Counter } from './counters.ts';
import type { Side } from './sides.ts';

/** Lines of the proxy's configuration that one rule needs, each where it belongs. */
export interface Pieces {
  /** Rules for requests, in order. */
  readonly request?: readonly string[];
  /** Those that come after all of the policy's other rules. */
  readonly lastRequest?: readonly string[];
  /** Rules for what a stopping worker hands to its successor, after it waited: every line asks for `stopping` itself. */
  readonly handedOver?: readonly string[];
  /** Rules for answers, the proxy's own error pages included. */
  readonly answer?: readonly string[];
  /** Those that come before all others. */
  readonly firstAnswer?: readonly string[];
  /** Settings of the whole backend; where several routes set the same, the first one's count. */
  readonly settings?: Readonly<Record<string, readonly string[]>>;
  /** Sections of their own: tables, lists of users. */
  readonly sections?: readonly (readonly string[])[];
}

/** What a rule's renderer knows beside the rule. */
export interface RuleContext {
  /** The condition that a request took this route. Every line needs it: other requests pass the same backend. */
  readonly when: string;
  /** Unique among all routes and usable in names. */
  readonly id: string;
  readonly project: string;
  readonly side: Side;
  /** The rule's place in its policy. */
  readonly index: number;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly files: PolicyFiles;
  /** Folder of the sockets over which requests are handed on. */
  readonly handover: string;
  /** Does the backend keep clients at their instances? */
  readonly isSticky: boolean;
  /** Where the rule counts, for rules that count. */
  readonly counter: Counter | undefined;
}

export interface PolicyFiles {
  /** Per breaker, when it opened. Changed over the runtime socket. */
  readonly breakerMap: string;
  /** Digests of credentials that were found right; filled by the proxy itself. */
  readonly credentialMap: string;
}

export type RuleOf<K extends PolicyKind> = Extract<PolicyRule, { readonly kind: K }>;

export type Renderer<K extends PolicyKind> = (rule: RuleOf<K>, context: RuleContext) => Pieces;
