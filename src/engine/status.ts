import { type Said, said } from '#core/messages/say.ts';
import type { ObservedInstance } from '#model/instance.ts';
import type { TrafficOf } from '#model/metrics.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { DeploymentStatus, InstanceStatus, ProjectStatus, ServiceStatus, TrafficStatus } from '#model/status.ts';
import type { ProjectTraffic, ServiceTraffic } from '#model/traffic.ts';
import { completedWell } from '#rollout/observed.ts';
import type { DeploymentRecord, Parked } from '#world/store.ts';
import type { World } from '#world/world.ts';
import type { CanaryBoard } from './canary/board.ts';
import { breakersOf, lastMinute, outlierOf } from './measured.ts';
import { observeInstances } from './observe.ts';
import { pauseLineOf, pauseWarnings } from './pauses/view.ts';
import type { Supervisor } from './supervise/supervisor.ts';
import type { TrafficKeeper } from './traffic-keeper.ts';
import { serviceUrls } from './urls.ts';
import type { HealthBook } from './watch/health-book.ts';
import type { OutlierWatch } from './watch/outlier-watch.ts';

interface Parts {
  readonly world: World;
  readonly traffic: TrafficKeeper;
  readonly book: HealthBook;
  readonly outliers: OutlierWatch;
  readonly supervisor: Supervisor;
  readonly canaries: CanaryBoard;
  readonly isBusy: (project: string) => boolean;
}

/** What is true of the project now, as `status` shows it. */
export async function statusOf(parts: Parts, project: string): Promise<ProjectStatus> {
  const { world, traffic } = parts;
  const record = world.store.project(project);
  const release = record?.serving === undefined ? undefined : world.store.release(project, record.serving);
  const instances = await observeInstances(world, project);
  const parked = world.store.parked().filter((one) => one.project === project);
  const stopped = record?.stopped ?? false;
  const busy = parts.isBusy(project);
  const wanted = stopped ? [] : Object.values(release?.services ?? {});
  const known = new Set(wanted.map((spec) => spec.name));
  const view = new View(parts, { project, instances, parked });
  const extra = [...new Set(instances.map((one) => one.service))].filter((name) => !known.has(name));
  const services = [
    ...wanted.map((spec) => view.service(spec, traffic.of(project)[spec.name])),
    ...extra.map((name) => view.stranger(name, traffic.of(project)[name])),
  ];
  const canaries = parts.canaries.of(project);
  const last = world.store.lastDeployment(project);
  return {
    project,
    release: release?.number,
    state: stateOf({ busy, stopped, wanted, services }),
    services,
    lastDeployment: last === undefined ? undefined : deploymentStatus(last),
    warm: warmOf(parked),
    ...(canaries.length === 0 ? {} : { canaries }),
    warnings: [
      ...view.warnings,
      ...(busy ? [] : pausedWarning(project, release?.number, traffic.of(project))),
      ...pauseWarnings(project, traffic.of(project), world.clock.now()),
    ],
  };
}

interface Facts {
  readonly project: string;
  readonly instances: readonly ObservedInstance[];
  readonly parked: readonly Parked[];
}

class View {
  readonly warnings: Said[] = [];
  readonly #parts: Parts;
  readonly #facts: Facts;

  constructor(parts: Parts, facts: Facts) {
    this.#parts = parts;
    this.#facts = facts;
  }

  service(spec: ServiceSpec, traffic: ServiceTraffic | undefined): ServiceStatus {
    const instances = this.#instances(spec.name, traffic, spec);
    const good = instances.filter((one) => one.state === (spec.oneShot ? 'completed' : 'healthy'));
    return {
      name: spec.name,
      strategy: spec.strategy.kind,
      desired: spec.replicas,
      healthy: good.length,
      release: newestRelease(good.length > 0 ? good : instances),
      urls: traffic === undefined ? [] : serviceUrls(traffic, this.#parts.world.edge),
      instances,
      ...this.#measured(spec.name, traffic),
    };
  }

  /** A service that the serving release does not have: of a first deployment, or on its way out. */
  stranger(name: string, traffic: ServiceTraffic | undefined): ServiceStatus {
    const instances = this.#instances(name, traffic, undefined);
    return {
      name,
      strategy: 'rolling',
      desired: 0,
      healthy: instances.filter((one) => one.state === 'healthy').length,
      release: newestRelease(instances),
      urls: [],
      instances,
    };
  }

  #instances(name: string, traffic: ServiceTraffic | undefined, spec: ServiceSpec | undefined): InstanceStatus[] {
    const own = this.#facts.instances.filter((one) => one.service === name);
    const sorted = own.toSorted((a, b) => a.release - b.release || a.id.localeCompare(b.id, 'en', { numeric: true }));
    return sorted.map((one) => {
      const state = this.#stateOf(one, traffic, spec);
      this.#warn(one, state);
      return {
        id: one.id,
        release: one.release,
        state,
        address: one.address,
        startedAt: one.startedAt === undefined ? undefined : new Date(one.startedAt).toISOString(),
        restarts: one.restarts,
        ...(one.pid === undefined ? {} : { pid: one.pid }),
        ...(one.container === undefined ? {} : { container: one.container }),
        ...outlierOf(this.#parts.outliers.outlier(one.project, name, one.id)),
        ...this.#lately(traffic, { project: one.project, service: name, instances: [one.id] }),
      };
    });
  }

  /** What the proxy tells of a service; nothing where nothing leads to it. */
  #measured(
    service: string,
    traffic: ServiceTraffic | undefined,
  ): Pick<ServiceStatus, 'paused' | 'traffic' | 'breakers'> {
    const { project } = this.#facts;
    const breakers = breakersOf(this.#parts.world.balancer, project, service);
    return {
      ...pauseLineOf(traffic),
      ...this.#lately(traffic, { project, service }),
      ...(breakers.length === 0 ? {} : { breakers }),
    };
  }

  #lately(traffic: ServiceTraffic | undefined, of: TrafficOf): { readonly traffic?: TrafficStatus } {
    const { meter, clock } = this.#parts.world;
    if (traffic === undefined || traffic.endpoints.length === 0) return {};
    return { traffic: lastMinute(meter, of, clock.now()) };
  }

  #stateOf(
    one: ObservedInstance,
    traffic: ServiceTraffic | undefined,
    spec: ServiceSpec | undefined,
  ): InstanceStatus['state'] {
    if (one.state === 'exited') return spec?.oneShot === true && completedWell(one) === true ? 'completed' : 'exited';
    if (one.state === 'created') return 'starting';
    if (this.#facts.parked.some((parked) => parked.instance === one.id)) return 'warm';
    const share = traffic?.members.find((member) => member.id === one.id)?.share;
    if (share === 'leaving' || share === 'closing') return 'draining';
    return this.#parts.book.entry(one.project, one.id)?.health.state ?? 'starting';
  }

  #warn(one: ObservedInstance, state: InstanceStatus['state']): void {
    const facts = { service: one.service, instance: one.id };
    const charge = this.#parts.supervisor.charge(one.project, one.id);
    if (charge?.gaveUp === true) this.warnings.push(said('WARN_GAVE_UP', { ...facts, restarts: one.restarts }));
    else if (state === 'unhealthy') this.warnings.push(said('WARN_UNHEALTHY', facts));
  }
}

function newestRelease(instances: readonly InstanceStatus[]): number | undefined {
  return instances.length === 0 ? undefined : Math.max(...instances.map((one) => one.release));
}

interface Standing {
  readonly busy: boolean;
  readonly stopped: boolean;
  readonly wanted: readonly ServiceSpec[];
  readonly services: readonly ServiceStatus[];
}

function stateOf({ busy, stopped, wanted, services }: Standing): ProjectStatus['state'] {
  if (busy) return 'deploying';
  if (stopped) return 'stopped';
  if (wanted.length === 0) return 'down';
  if (services.every((one) => one.healthy >= one.desired)) return 'healthy';
  return services.some((one) => one.healthy > 0) ? 'degraded' : 'down';
}

function warmOf(parked: readonly Parked[]): ProjectStatus['warm'] {
  const last = parked.at(-1);
  return last === undefined ? undefined : { release: last.release, until: new Date(last.until).toISOString() };
}

function deploymentStatus(record: DeploymentRecord): DeploymentStatus {
  return {
    id: record.id,
    kind: record.kind,
    state: record.state,
    from: record.plan?.from,
    to: record.plan?.to ?? 0,
    reason: record.reason,
    startedAt: new Date(record.startedAt).toISOString(),
    endedAt: record.endedAt === undefined ? undefined : new Date(record.endedAt).toISOString(),
  };
}

/** `failure_action: pause` leaves two releases serving; that must not look like health. */
function pausedWarning(project: string, serving: number | undefined, traffic: ProjectTraffic): Said[] {
  const members = Object.values(traffic).flatMap((service) => service.members);
  const newer = members.find((one) => one.share === 'serving' && serving !== undefined && one.release > serving);
  return newer === undefined ? [] : [said('WARN_PAUSED', { project, release: newer.release })];
}
