import { longestHoldMs } from '#balancer/holds.ts';
import { fail } from '#core/errors.ts';
import type { Hold } from '#model/route.ts';
import type { Pause, ServiceTraffic } from '#model/traffic.ts';
import { withEndingPause, withoutEndedPause, withPause } from '#rollout/traffic/edits.ts';
import { holdDefaults } from '#settings/strategy.ts';
import type { PausedService, PauseOrder, ResumedService } from '../api.ts';
import { backendsOf } from '../door/flow.ts';
import type { Parts } from '../execute/context.ts';
import { servingRelease } from '../recorded.ts';
import { until } from '../waiting.ts';

type PauseParts = Pick<Parts, 'world' | 'traffic' | 'events' | 'onFailure'>;

/**
 * Lets the requests of services wait while their instances run. A pause is part of what the proxy carries for the
 * service: one record that a deployment, a scale and a new daemon keep, and that ends with the service.
 */
export class Pauses {
  readonly #parts: PauseParts;

  constructor(parts: PauseParts) {
    this.#parts = parts;
  }

  /** @throws PAUSE_WHICH, PAUSE_NO_REQUESTS, PAUSE_TOO_LONG, SERVICE_UNKNOWN, PROJECT_STOPPED */
  async pause(project: string, order: PauseOrder, signal: AbortSignal): Promise<readonly PausedService[]> {
    const { world, traffic, events } = this.#parts;
    const services = this.#chosen(project, order);
    const since = world.clock.now();
    const begin = (service: string) => (now: ServiceTraffic | undefined) =>
      now && withPause(now, { hold: this.#holdOf(project, service, order.timeoutMs), since, by: order.by });
    const begun = traffic.editAll(project, Object.fromEntries(services.map((service) => [service, begin(service)])));
    for (const [service, { by, hold }] of this.#paused(project, services))
      events.tell({ event: 'paused', project, service, by, maxMs: hold.maxMs });
    await begun;
    const inFlight = await this.#drained(project, services, { signal, until: since + (order.drainMs ?? 0) });
    return this.#paused(project, services).map(([service, pause]) => ({
      service,
      since: pause.since,
      maxMs: pause.hold.maxMs,
      inFlight: inFlight[service] ?? 0,
    }));
  }

  /** @throws RESUME_NOTHING, SERVICE_UNKNOWN */
  async resume(project: string, named: readonly string[], by: string): Promise<readonly ResumedService[]> {
    const { world, traffic, events } = this.#parts;
    const known = Object.keys(traffic.of(project));
    const unknown = named.find((service) => !known.includes(service));
    if (unknown !== undefined) throw unknownService(project, unknown, known);
    const paused = this.#paused(project, named.length > 0 ? named : known);
    if (paused.length === 0 && named.length === 0) throw fail('RESUME_NOTHING', { project });
    const services = paused.map(([service]) => service);
    await traffic.editAll(project, changeAll(services, withEndingPause));
    traffic.note(project, changeAll(services, withoutEndedPause));
    for (const [service, { since }] of paused)
      events.tell({ event: 'resumed', project, service, by, forMs: world.clock.now() - since });
    return paused.map(([service, { since }]) => ({ service, since }));
  }

  /** After a start: forgets the pauses that a daemon before us was about to end, once the proxy has followed. */
  async settle(): Promise<void> {
    const { traffic, onFailure } = this.#parts;
    const ending = Object.entries(traffic.all()).flatMap(([project, services]) => {
      const names = Object.keys(services).filter((service) => services[service]?.paused?.ending === true);
      return names.length === 0 ? [] : [{ project, names }];
    });
    if (ending.length === 0) return;
    try {
      await traffic.apply();
      for (const { project, names } of ending) traffic.note(project, changeAll(names, withoutEndedPause));
    } catch (error) {
      onFailure('end a pause', error);
    }
  }

  #chosen(project: string, { services, timeoutMs = 0 }: PauseOrder): readonly string[] {
    const { world, traffic } = this.#parts;
    const carried = traffic.of(project);
    const known = Object.keys(carried).filter((service) => isAsked(carried[service]));
    if (services.length === 0) throw fail('PAUSE_WHICH', { project, known: known.join(' ') });
    if (world.store.project(project)?.stopped === true) throw fail('PROJECT_STOPPED', { project });
    if (timeoutMs > longestHoldMs) throw fail('PAUSE_TOO_LONG', { hours: longestHoldMs / 3_600_000 });
    for (const service of services) {
      if (carried[service] === undefined) throw unknownService(project, service, Object.keys(carried));
      if (!known.includes(service)) throw fail('PAUSE_NO_REQUESTS', { service, known: known.join(', ') });
    }
    return [...new Set(services)];
  }

  #paused(project: string, services: readonly string[]): readonly (readonly [service: string, pause: Pause])[] {
    const carried = this.#parts.traffic.of(project);
    return services.flatMap((service) => {
      const pause = carried[service]?.paused;
      return pause === undefined ? [] : [[service, pause] as const];
    });
  }

  #holdOf(project: string, service: string, timeoutMs: number | undefined): Hold {
    const release = servingRelease(this.#parts.world.store, project);
    const hold = release?.services[service]?.hold ?? holdDefaults;
    if (timeoutMs === undefined) return hold;
    return { maxMs: timeoutMs, limit: hold.limit > 0 ? hold.limit : holdDefaults.limit };
  }

  /** What each service still works on, once that is nothing, or at the deadline. */
  async #drained(
    project: string,
    services: readonly string[],
    limit: { readonly signal: AbortSignal; readonly until: number },
  ): Promise<Readonly<Record<string, number>>> {
    const { clock } = this.#parts.world;
    let left: Readonly<Record<string, number>> = {};
    const idle = async (): Promise<boolean> => {
      left = await this.#inFlight(project, services);
      return clock.now() >= limit.until || Object.values(left).every((count) => count === 0);
    };
    await until(idle, { clock, signal: limit.signal, fastestMs: 20, slowestMs: 250 });
    return left;
  }

  async #inFlight(project: string, services: readonly string[]): Promise<Record<string, number>> {
    const carried = this.#parts.traffic.of(project);
    const owners = new Map(
      services.flatMap((service) =>
        backendsOf(project, service, carried[service]).map((backend) => [backend, service] as const),
      ),
    );
    const left: Record<string, number> = {};
    for (const { backend, sessions } of await this.#parts.world.balancer.observe([...owners.keys()])) {
      const service = owners.get(backend);
      if (service !== undefined) left[service] = (left[service] ?? 0) + sessions;
    }
    return left;
  }
}

/** Does anything lead to it? */
function isAsked(traffic: ServiceTraffic | undefined): boolean {
  return (traffic?.endpoints.length ?? 0) > 0;
}

function changeAll(services: readonly string[], change: (traffic: ServiceTraffic) => ServiceTraffic) {
  return Object.fromEntries(
    services.map((service) => [service, (now: ServiceTraffic | undefined) => now && change(now)]),
  );
}

function unknownService(project: string, service: string, known: readonly string[]): Error {
  return fail('SERVICE_UNKNOWN', { project, service, known: known.join(', ') });
}
