import type { Evidence } from '#model/event.ts';
import type { Context } from './execute/context.ts';
import { runtimesOf } from './observe.ts';

/** Lines shown of an instance that failed. */
export const logTail = 50;

/** Reading logs must not keep a failing deployment from going back. */
const logLimitMs = 2000;

/** What was seen last of an instance: its probe's answer and its last lines. Never throws. */
export async function gatherEvidence(ctx: Context, instance: string): Promise<Evidence> {
  return {
    instance,
    lastProbe: ctx.parts.book.entry(ctx.project, instance)?.health.last?.said,
    logs: await lastLines(ctx, instance),
  };
}

async function lastLines(ctx: Context, instance: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const signal = AbortSignal.timeout(logLimitMs);
  for (const runtime of runtimesOf(ctx.parts.world)) {
    try {
      for await (const line of runtime.logs({ project: ctx.project, instance, tail: logTail }, signal))
        lines.push(line.text);
    } catch {
      // Evidence is a courtesy: what was read before the failure is shown.
    }
  }
  return lines.slice(-logTail);
}
