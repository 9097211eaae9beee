import { eventsOf, stepTimes, timeOf } from '../test/support/events.ts';
import type { CliResult } from '../test/support/home.ts';

/**
 * Where the time of a command went, one line: reading the files up to the plan, then for each kind of step the time
 * that no other kind before it in the list covers, then what the command itself took. The parts add up to the whole.
 */
export function renderBreakdown(result: CliResult): string {
  const events = eventsOf(result);
  const begun = timeOf(events, (line) => line.event === 'end') - result.tookMs;
  const planned = timeOf(events, (line) => line.event === 'plan');
  const parts = new Map<string, number>([['until the plan', planned - begun]]);
  let covered = planned;
  for (const [step, { from, to }] of [...stepTimes(events)].toSorted((a, b) => a[1].to - b[1].to)) {
    const kind = step.split(':')[0] ?? step;
    parts.set(kind, (parts.get(kind) ?? 0) + Math.max(0, to - Math.max(from, covered)));
    covered = Math.max(covered, to);
  }
  const sum = [...parts.values()].reduce((total, ms) => total + ms, 0);
  parts.set('rest', result.tookMs - sum);
  return [...parts].map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(', ');
}
