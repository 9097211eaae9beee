import type { CommandResult, LogLine, ObservedInstance } from '#model/instance.ts';
import type { ProbeKind } from '#model/spec.ts';
import type { Prober } from '#world/prober.ts';
import type { Answer } from './health.ts';

/** What a probe may use to ask: questions over the network, and the instance's own runtime. */
export interface ProbeDoor {
  readonly prober: Prober;
  exec(command: readonly string[], timeoutMs: number): Promise<CommandResult>;
  /** Lines that the instance has written since its last start. */
  logs(): AsyncIterable<LogLine>;
  now(): number;
}

/** The subject of a question. */
export interface Asked<K extends ProbeKind['kind']> {
  readonly probe: Extract<ProbeKind, { readonly kind: K }>;
  readonly timeoutMs: number;
  readonly instance: ObservedInstance;
  readonly address: string;
  readonly door: ProbeDoor;
}

/** Asks one instance once. Never throws for what the instance does wrong: that is an answer. */
export type Ask<K extends ProbeKind['kind']> = (asked: Asked<K>) => Promise<Answer>;
