import type { ProjectTraffic, ServiceTraffic } from '#model/traffic.ts';
import { renderTable } from '#rollout/traffic/table.ts';
import type { World } from '#world/world.ts';

type Change = (traffic: ServiceTraffic | undefined) => ServiceTraffic | undefined;

/**
 * What the proxy carries, for all projects: kept in the store first, then applied. Changes that arrive while one is
 * being applied are applied together, so many services switch in one go.
 */
export class TrafficKeeper {
  readonly #world: Pick<World, 'balancer' | 'store' | 'edge'>;
  readonly #projects: Record<string, Record<string, ServiceTraffic>>;
  readonly #sick = new Set<string>();
  #outliers: ReadonlySet<string> = new Set();
  #onRules: () => void = () => undefined;
  #onFailedApply: (error: unknown) => void = () => undefined;
  #onApplied: () => void = () => undefined;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(world: Pick<World, 'balancer' | 'store' | 'edge'>) {
    this.#world = world;
    const stored = Object.entries(world.store.traffic());
    this.#projects = Object.fromEntries(stored.map(([project, services]) => [project, { ...services }]));
  }

  of(project: string): ProjectTraffic {
    return this.#projects[project] ?? {};
  }

  all(): Readonly<Record<string, ProjectTraffic>> {
    return this.#projects;
  }

  /** Changes one service and resolves once new requests follow. */
  edit(project: string, service: string, change: Change): Promise<void> {
    return this.editAll(project, { [service]: change });
  }

  /** Changes several services of a project at once. */
  editAll(project: string, changes: Readonly<Record<string, Change>>): Promise<void> {
    this.note(project, changes);
    this.#onRules();
    return this.apply();
  }

  /** Changes what is on record only: nothing that the proxy carries. */
  note(project: string, changes: Readonly<Record<string, Change>>): void {
    const services = { ...this.#projects[project] };
    this.#world.store.transaction(() => {
      for (const [service, change] of Object.entries(changes)) {
        const next = change(services[service]);
        if (next === undefined) delete services[service];
        else services[service] = next;
        this.#world.store.setTraffic(project, service, next);
      }
    });
    if (Object.keys(services).length === 0) delete this.#projects[project];
    else this.#projects[project] = services;
  }

  isSick(project: string, instance: string): boolean {
    return this.#sick.has(sickKey(project, instance));
  }

  /** A sick instance gets nothing new until it is well. */
  setSick(project: string, instance: string, sick: 'sick' | 'well'): Promise<void> {
    const key = sickKey(project, instance);
    if (this.#sick.has(key) === (sick === 'sick')) return Promise.resolve();
    if (sick === 'sick') this.#sick.add(key);
    else this.#sick.delete(key);
    return this.apply();
  }

  /** As `setSick`, before anything is applied: what a new daemon learns from what it finds. */
  presumeSick(project: string, instance: string): void {
    this.#sick.add(sickKey(project, instance));
  }

  /** From now on these, as `PROJECT/INSTANCE`, get nothing new, because they fail; they may be well otherwise. */
  setOutliers(outliers: ReadonlySet<string>): Promise<void> {
    if (outliers.symmetricDifference(this.#outliers).size === 0) return Promise.resolve();
    this.#outliers = outliers;
    return this.apply();
  }

  /** Calls `listener` whenever routes, and what they ask for, may have changed. */
  onRules(listener: () => void): void {
    this.#onRules = listener;
  }

  /** Called with the reason when the proxy could not be made to follow. */
  set onFailedApply(listener: (error: unknown) => void) {
    this.#onFailedApply = listener;
  }

  /** Called when the proxy carries a table. */
  set onApplied(listener: () => void) {
    this.#onApplied = listener;
  }

  /** Makes the proxy carry everything again. */
  apply(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#running.then(async () => {
      this.#next = undefined;
      await this.#world.balancer.apply(this.#table());
      this.#onApplied();
    });
    this.#next = next;
    this.#running = next.catch((error: unknown) => this.#onFailedApply(error));
    return next;
  }

  #table() {
    return renderTable({
      projects: this.#projects,
      isSick: (project, instance) => this.isSick(project, instance) || this.#outliers.has(sickKey(project, instance)),
      edgeAddress: this.#world.edge.address,
    });
  }
}

function sickKey(project: string, instance: string): string {
  return `${project}/${instance}`;
}
