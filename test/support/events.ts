import assert from 'node:assert/strict';
import type { CliResult } from './home.ts';

/** One line of `deploy --json`; the fields depend on `event`. */
export interface EventLine {
  readonly time: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The events that a command with `--json` printed. */
export function eventsOf(result: CliResult): readonly EventLine[] {
  return result.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as EventLine);
}

/** The `end` event; fails with everything that was printed when there is none. */
export function endOf(result: CliResult): EventLine {
  const end = eventsOf(result).findLast((line) => line.event === 'end');
  if (end === undefined) throw new Error(`no end event (code ${result.code})\n${result.stdout}\n${result.stderr}`);
  return end;
}

/** Fails unless the deployment did what was asked, with what it said when it ended. */
export function succeeded(result: CliResult): void {
  const end = endOf(result);
  assert.equal(end.state, 'succeeded', JSON.stringify(end));
}

/** Milliseconds since the epoch of the last event that `isIt` takes. */
export function timeOf(events: readonly EventLine[], isIt: (line: EventLine) => boolean): number {
  const found = events.findLast(isIt);
  return found === undefined ? Number.NaN : Date.parse(found.time);
}

/** How long each step took from its start to its end, milliseconds, by step id. */
export function stepTimes(
  events: readonly EventLine[],
): ReadonlyMap<string, { readonly from: number; readonly to: number }> {
  const starts = new Map<string, number>();
  const times = new Map<string, { from: number; to: number }>();
  for (const line of events) {
    const step = String(line.step ?? '');
    if (line.event === 'step-started') starts.set(step, Date.parse(line.time));
    if (line.event === 'step-done')
      times.set(step, { from: starts.get(step) ?? Number.NaN, to: Date.parse(line.time) });
  }
  return times;
}
