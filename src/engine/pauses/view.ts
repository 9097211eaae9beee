import { type Said, said } from '#core/messages/say.ts';
import type { PauseLine } from '#model/status.ts';
import type { ProjectTraffic, ServiceTraffic } from '#model/traffic.ts';

/** The pause of a service, for `status`. */
export function pauseLineOf(traffic: ServiceTraffic | undefined): { readonly paused?: PauseLine } {
  if (traffic?.paused === undefined) return {};
  const { since, by, hold } = traffic.paused;
  return { paused: { since: new Date(since).toISOString(), by, maxMs: hold.maxMs } };
}

/** A pause must not go unnoticed: who began it, since when, and what ends it. */
export function pauseWarnings(project: string, traffic: ProjectTraffic, now: number): readonly Said[] {
  return Object.entries(traffic).flatMap(([service, { paused }]) => {
    if (paused === undefined) return [];
    const { since, by, hold } = paused;
    const facts = { project, service, by, since: new Date(since).toISOString(), forMs: now - since };
    return [said('WARN_REQUESTS_WAIT', { ...facts, maxMs: hold.maxMs })];
  });
}
