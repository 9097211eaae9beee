import type { ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import { servingIds } from '#rollout/traffic/edits.ts';
import type { World } from '#world/world.ts';
import type { EventBook } from '../events/event-book.ts';
import { observeInstances } from '../observe.ts';
import { servingRelease } from '../recorded.ts';
import { specOfInstance } from '../spec-of.ts';
import type { TrafficKeeper } from '../traffic-keeper.ts';
import type { BookEvent, HealthBook } from '../watch/health-book.ts';
import { Charge } from './charge.ts';
import { sweep } from './sweep.ts';
import { WarmTimer } from './warm-timer.ts';

/** What the supervisor works with. */
export interface SupervisorParts {
  readonly world: World;
  readonly traffic: TrafficKeeper;
  readonly book: HealthBook;
  readonly events: EventBook;
  /** Is a deployment of the project under way? Then its instances are not ours to sweep or retire. */
  readonly isBusy: (project: string) => boolean;
  /** Work in the background that failed: nobody waits for it, so it is told here. */
  readonly onFailure: (doing: string, error: unknown) => void;
}

/** Pauses before it is tried again to take charge, milliseconds; the last one is repeated. */
const syncPauses: readonly number[] = [100, 1000, 5000];

/**
 * Keeps alive what the releases say should run, between deployments: starts crashed instances again, takes sick ones
 * out of rotation and lets them back, and stops warm ones when their time is over.
 */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #charges = new Map<string, Charge>();
  readonly #warm: WarmTimer;
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#warm = new WarmTimer(parts);
    this.#unsubscribe = parts.book.subscribe((event) => this.#onEvent(event));
  }

  charge(project: string, instance: string): Charge | undefined {
    return this.#charges.get(`${project}/${instance}`);
  }

  /**
   * Takes charge of exactly what should run of the project now, brings back what does not run, and removes what was
   * left behind. Called after each deployment, and once at start. Tried until it succeeds: nothing may stay without
   * somebody who looks after it.
   */
  async sync(project: string): Promise<void> {
    for (let attempt = 0; !this.#closed && !this.#parts.isBusy(project); attempt += 1) {
      try {
        await this.#syncOnce(project);
        return;
      } catch (error) {
        this.#parts.onFailure(`take charge of ${project}`, error);
        await this.#parts.world.clock.wait(syncPauses[attempt] ?? syncPauses.at(-1) ?? 0);
      }
    }
  }

  /**
   * Takes charge of what serves while a deployment goes on after a restart, except of the instances that the deployment
   * itself has made: those it looks after.
   */
  async adopt(project: string, except: ReadonlySet<string>): Promise<void> {
    const serving = Object.values(this.#parts.traffic.of(project)).flatMap((service) => servingIds(service));
    const ours = new Set(serving.filter((id) => !except.has(id)));
    const release = this.#serving(project);
    for (const one of await observeInstances(this.#parts.world, project))
      if (ours.has(one.id)) this.#take(one, release, 'serving');
  }

  async #syncOnce(project: string): Promise<void> {
    const { world, traffic } = this.#parts;
    const instances = await observeInstances(world, project);
    if (this.#closed || this.#parts.isBusy(project)) return;
    const expected = new Set(Object.values(traffic.of(project)).flatMap((service) => servingIds(service)));
    const parked = new Set(world.store.parked().flatMap((one) => (one.project === project ? [one.instance] : [])));
    this.#letGo(project, expected.union(parked));
    const release = this.#serving(project);
    for (const one of instances)
      if (expected.has(one.id) || parked.has(one.id)) this.#take(one, release, parked.has(one.id) ? 'warm' : 'serving');
    await this.#startMissing(project, expected, instances);
    await sweep(this.#parts, { project, instances, expected: expected.union(parked), release });
    this.#warm.schedule();
  }

  /** From now on the instance's end is nobody's concern: a plan stops it. */
  release(project: string, instance: string): void {
    this.#charges.get(`${project}/${instance}`)?.dismiss();
    this.#charges.delete(`${project}/${instance}`);
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#warm.close();
    for (const charge of this.#charges.values()) charge.dismiss();
    this.#charges.clear();
  }

  #serving(project: string): Release | undefined {
    return servingRelease(this.#parts.world.store, project);
  }

  #letGo(project: string, expected: ReadonlySet<string>): void {
    for (const charge of [...this.#charges.values()])
      if (charge.project === project && !expected.has(charge.id)) this.release(project, charge.id);
    for (const entry of this.#parts.book.watched(project))
      if (!expected.has(entry.instance.id)) this.#parts.book.forget(project, entry.instance.id);
  }

  #take(instance: ObservedInstance, release: Release | undefined, role: 'serving' | 'warm'): void {
    const { world, book, traffic } = this.#parts;
    const spec = specOfInstance(world.store, instance, [release]);
    if (spec === undefined) return;
    const key = `${instance.project}/${instance.id}`;
    const known = this.#charges.get(key);
    const charge = known ?? new Charge({ parts: this.#parts, project: instance.project, id: instance.id, role });
    charge.update(spec, role, release);
    this.#charges.set(key, charge);
    // Decided before the book tells of its end, which counts as a crash otherwise.
    if (instance.state === 'running') charge.onRunning();
    else charge.bringBack(instance.exit);
    book.watch(instance, spec, traffic.isSick(instance.project, instance.id) ? 'unhealthy' : 'healthy');
  }

  /** Instances that should serve and that no runtime knows: their records were lost, so they are made anew. */
  async #startMissing(
    project: string,
    expected: ReadonlySet<string>,
    instances: readonly ObservedInstance[],
  ): Promise<void> {
    const known = new Set(instances.map((one) => one.id));
    for (const [service, traffic] of Object.entries(this.#parts.traffic.of(project))) {
      for (const member of traffic.members) {
        if (member.share !== 'serving' || known.has(member.id) || !expected.has(member.id)) continue;
        const release = this.#parts.world.store.release(project, member.release) ?? this.#serving(project);
        const spec = release?.services[service];
        if (release === undefined || spec === undefined) continue;
        const charge = new Charge({ parts: this.#parts, project, id: member.id, role: 'serving' });
        charge.update(spec, 'serving', release);
        this.#charges.set(`${project}/${member.id}`, charge);
        charge.bringBack(undefined);
      }
    }
  }

  #onEvent({ project, instance, what }: BookEvent): void {
    if (what === 'answered') return;
    const { traffic, onFailure } = this.#parts;
    traffic
      .setSick(project, instance, what === 'healthy' ? 'well' : 'sick')
      .catch((error: unknown) => onFailure(`route around ${instance}`, error));
    const charge = this.#charges.get(`${project}/${instance}`);
    if (what === 'ended') charge?.onEnded();
    if (what === 'healthy') charge?.onHealthy();
    if (what === 'unhealthy') charge?.onUnhealthy();
  }
}
