import { fail } from '#core/errors.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { ObservedInstance } from '#model/instance.ts';
import type { Plan } from '#model/plan.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Runtime } from '#world/runtime.ts';
import type { World } from '#world/world.ts';
import type { CanaryBoard } from '../canary/board.ts';
import type { EventBook } from '../events/event-book.ts';
import { observeInstances } from '../observe.ts';
import { specOfInstance } from '../spec-of.ts';
import type { Supervisor } from '../supervise/supervisor.ts';
import type { TrafficKeeper } from '../traffic-keeper.ts';
import type { HealthBook } from '../watch/health-book.ts';
import type { OutlierWatch } from '../watch/outlier-watch.ts';

/** The parts of the engine that carrying out a plan uses. */
export interface Parts {
  readonly world: World;
  readonly traffic: TrafficKeeper;
  readonly book: HealthBook;
  readonly outliers: OutlierWatch;
  readonly supervisor: Supervisor;
  readonly canaries: CanaryBoard;
  readonly events: EventBook;
  readonly options: EngineOptions;
  /** Is a deployment of the project under way? */
  readonly isBusy: (project: string) => boolean;
  readonly onFailure: EngineOptions['onFailure'];
}

export interface EngineOptions {
  /** How many releases are kept for rollback. */
  readonly keepReleases: number;
  /** Told of work in the background that failed; the daemon logs it. */
  readonly onFailure: (doing: string, error: unknown) => void;
  /** Called around each step; tests let the daemon die here. */
  readonly onStep?: (moment: 'before' | 'after', step: string) => void;
}

/** A name without `time`, which the context adds. */
export type Telling = DeploymentEvent extends infer E
  ? E extends { readonly time: number }
    ? Omit<E, 'time'>
    : never
  : never;

/** One deployment being carried out. */
export class Context {
  readonly parts: Parts;
  readonly plan: Plan;
  /** The release to be; undefined when a project goes down that never had one. */
  readonly target: Release | undefined;
  /** The release before. */
  readonly current: Release | undefined;
  /** Instances whose gate failed, where some may. */
  readonly tolerated = new Set<string>();
  readonly #tell: (event: DeploymentEvent) => void;

  constructor(parts: Parts, plan: Plan, tell: (event: DeploymentEvent) => void) {
    this.parts = parts;
    this.plan = plan;
    this.#tell = tell;
    const { store } = parts.world;
    this.target = store.release(plan.project, plan.to);
    const serving = plan.from ?? store.project(plan.project)?.serving;
    this.current = serving === undefined ? undefined : store.release(plan.project, serving);
  }

  get project(): string {
    return this.plan.project;
  }

  tell(event: Telling): void {
    this.#tell({ ...event, time: this.parts.world.clock.now() } as DeploymentEvent);
  }

  observeInstances(): Promise<readonly ObservedInstance[]> {
    return observeInstances(this.parts.world, this.project);
  }

  async find(id: string): Promise<ObservedInstance | undefined> {
    return (await this.observeInstances()).find((one) => one.id === id);
  }

  /** The service as the target release wants it. */
  wanted(service: string): ServiceSpec {
    const spec = this.target?.services[service];
    if (spec === undefined) throw fail('ROLLOUT_INTERNAL', { detail: `no ${service} in release ${this.plan.to}` });
    return spec;
  }

  /** The spec that an instance runs by. */
  specOf(instance: ObservedInstance): ServiceSpec | undefined {
    const { store } = this.parts.world;
    return specOfInstance(store, instance, [this.target, this.current]);
  }

  runtime(spec: ServiceSpec): Runtime {
    const runtime = this.parts.world.runtimes[spec.runtime];
    if (runtime === undefined) throw fail('RUNTIME_MISSING', { runtime: spec.runtime });
    return runtime;
  }

  get ref() {
    const directory = this.target?.directory ?? this.current?.directory ?? '/';
    return { name: this.project, directory };
  }
}
