import type { Language } from '#core/messages/message.ts';
import { said, say } from '#core/messages/say.ts';
import type { CanaryEvidence, CanaryReport } from '#model/canary.ts';

/** A canary at this moment, in one line: its share, its verdict so far, the time that is left. */
export function renderCanary(report: CanaryReport, language: Language): string {
  const { service, position, of, percent, verdict, state, requests, leftMs } = report;
  const seconds = leftMs === undefined ? undefined : Math.ceil(leftMs / 1000);
  const progress = say(said('PROGRESS_CANARY', { percent, verdict, state, ...requests, seconds }), language);
  return say(said('CANARY_NOW', { service, position, of, progress }), language);
}

/** What a canary was judged by, a line for each comparison. */
export function renderJudgement(evidence: readonly CanaryEvidence[], language: Language): readonly string[] {
  return evidence.map((one) =>
    say(one.kind === 'threshold' ? said('CANARY_COMPARED', one) : said('CANARY_ASKED', one), language),
  );
}
