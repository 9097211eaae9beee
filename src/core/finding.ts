import type { Location } from './location.ts';
import type { Code, FactsOf } from './messages/catalogue.ts';
import { type Said, said } from './messages/say.ts';

/** `error` stops before anything changes, `warning` is said and work goes on, `info` explains a choice. */
export type Severity = 'error' | 'warning' | 'info';

/** What a load, a check or a diagnosis reports. The code is the rule's id; the message's hint is the fix. */
export interface Finding {
  readonly severity: Severity;
  readonly said: Said;
  readonly at?: Location | undefined;
}

/** Makes a finding from a catalogue code. */
export function finding<C extends Code>(
  severity: Severity,
  code: C,
  facts: FactsOf<C>,
  at?: Location | undefined,
): Finding {
  return { severity, said: said(code, facts), at };
}

/** Does any finding forbid to go on? */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((one) => one.severity === 'error');
}

/** Order for reading: by file, then place, then severity. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      (a.at?.file ?? '').localeCompare(b.at?.file ?? '') ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
      a.severity.localeCompare(b.severity) ||
      a.said.code.localeCompare(b.said.code),
  );
}
