import type { Probe } from '#model/spec.ts';
import type { Health } from '#probes/health.ts';

/** The first questions come fast: an instance that is ready after 80 ms should not be found so after a second. */
const firstPauseMs = 50;

/** A command costs a process each time, so it starts slower. */
const firstCommandPauseMs = 150;

/**
 * How long to wait before the next question, milliseconds. Until it has proved well the instance is asked often, and
 * ever less so up to its start interval; afterwards at the probe's own interval.
 */
export function paceMs(health: Health, probe: Probe, provedWell: boolean): number {
  if (provedWell) return probe.intervalMs;
  const first = probe.kind === 'command' ? firstCommandPauseMs : firstPauseMs;
  return Math.min(first * Math.max(1, health.attempts), probe.startIntervalMs, probe.intervalMs);
}

/** Probes that say when an instance became ready, and nothing afterwards: then only its end counts. */
export function staysHealthy(probe: Probe): boolean {
  return probe.kind === 'log' || probe.kind === 'running';
}
