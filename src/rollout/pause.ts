import type { ServiceSpec } from '#model/spec.ts';

/** What stopping the old instance usually costs, milliseconds; servers that end at once need less. */
const usualStopMs = 500;

/** What a start usually costs where none was measured, milliseconds. */
const usualReadyMs = 1500;

/**
 * How long requests are expected to be held while the service is replaced, milliseconds; undefined when nothing pauses.
 *
 * @param readyMs how long its last start took until it was ready, where known
 */
export function expectedPauseMs(spec: ServiceSpec, readyMs: number | undefined): number | undefined {
  if (!pauses(spec)) return undefined;
  const running = spec.probe.kind === 'running' ? spec.probe.forMs : 0;
  return Math.min(usualStopMs, spec.stopGraceMs) + (readyMs ?? usualReadyMs + running);
}

/** Is there a moment in which no instance serves? */
function pauses(spec: ServiceSpec): boolean {
  if (spec.strategy.kind === 'recreate') return true;
  if (spec.strategy.kind !== 'rolling' || spec.strategy.order !== 'stop-first') return false;
  return spec.strategy.parallelism === 0 || spec.strategy.parallelism >= spec.replicas;
}
