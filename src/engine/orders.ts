import { fail } from '#core/errors.ts';
import type { Plan } from '#model/plan.ts';
import type { Release } from '#model/release.ts';
import type { Observed } from '#rollout/observed.ts';
import { planDeployment } from '#rollout/plan.ts';
import { planDown } from '#rollout/plan-down.ts';
import type { World } from '#world/world.ts';
import { draftOf, type ReleaseDraft } from './desired.ts';
import { observeProject } from './observe.ts';
import type { TrafficKeeper } from './traffic-keeper.ts';
import type { HealthBook } from './watch/health-book.ts';

/** What somebody asked for, before it is known what that means now. */
export type Order =
  | { readonly kind: 'deploy'; readonly draft: ReleaseDraft }
  | { readonly kind: 'rollback'; readonly release: number | undefined }
  | { readonly kind: 'scale'; readonly replicas: Readonly<Record<string, number>> }
  | { readonly kind: 'restart'; readonly services: readonly string[] }
  | { readonly kind: 'switchover' }
  | { readonly kind: 'down' };

/** A plan with what must be recorded before it is carried out. */
export interface Planned {
  readonly plan: Plan;
  /** A release that is not recorded yet. */
  readonly release: Release | undefined;
}

interface Planning {
  readonly world: World;
  readonly traffic: TrafficKeeper;
  readonly book: HealthBook;
  readonly project: string;
}

/** From an order to a plan, on what is true now. Changes nothing. */
export async function planOrder(planning: Planning, order: Order): Promise<Planned> {
  const { world, traffic, project } = planning;
  const observed = await observeProject(world, traffic, project);
  const current = observed.serving === undefined ? undefined : world.store.release(project, observed.serving);
  if (order.kind === 'down') return { plan: planDown({ project, current, observed }), release: undefined };
  const goal = goalOf({ ...planning, observed, current }, order);
  const plan = planDeployment({
    kind: order.kind,
    target: goal.target,
    current,
    observed,
    force: goal.force,
    isNew: goal.isNew,
    lastOrdinals: lastOrdinals(world, goal.target),
    readyMs: planning.book.readyTimes(project),
    takenPorts: takenPorts(traffic, project),
  });
  return { plan, release: goal.isNew ? goal.target : undefined };
}

interface Goal {
  readonly target: Release;
  /** Is the release yet to be recorded? */
  readonly isNew: boolean;
  readonly force: ReadonlySet<string>;
}

interface Situation extends Planning {
  readonly observed: Observed;
  readonly current: Release | undefined;
}

const nothingForced: ReadonlySet<string> = new Set();

function goalOf(now: Situation, order: Exclude<Order, { kind: 'down' }>): Goal {
  switch (order.kind) {
    case 'deploy':
      return newOrCurrent(now, order.draft);
    case 'rollback':
      return { target: earlierRelease(now, order.release), isNew: false, force: nothingForced };
    case 'scale':
      return newOrCurrent(now, scaled(now, order.replicas));
    case 'restart':
      return { target: running(now), isNew: false, force: servicesToRestart(now, order.services) };
    case 'switchover':
      return { target: warmRelease(now), isNew: false, force: nothingForced };
    default:
      return order satisfies never;
  }
}

/** A draft that equals what serves is no new release. */
function newOrCurrent({ world, project, current }: Situation, draft: ReleaseDraft): Goal {
  if (current?.digest === draft.digest) return { target: current, isNew: false, force: nothingForced };
  const number = world.store.nextReleaseNumber(project);
  return { target: { ...draft, number }, isNew: true, force: nothingForced };
}

function running({ project, current, observed }: Situation): Release {
  if (current === undefined) throw fail('NOTHING_SERVES', { project });
  if (observed.stopped) throw fail('PROJECT_STOPPED', { project });
  return current;
}

/** The named release, or the newest good one before that which serves, by number. */
function earlierRelease({ world, project, current }: Situation, wanted: number | undefined): Release {
  if (current === undefined) throw fail('NOTHING_SERVES', { project });
  const good = world.store.releases(project);
  const found = good.find((one) => (wanted === undefined ? one.number < current.number : one.number === wanted));
  if (found !== undefined) return found;
  if (wanted === undefined) throw fail('NO_EARLIER_RELEASE', { project });
  throw fail('RELEASE_UNKNOWN', { project, release: wanted, known: good.map((one) => one.number).join(', ') });
}

function scaled(now: Situation, replicas: Readonly<Record<string, number>>): ReleaseDraft {
  const base = running(now);
  const services = { ...base.services };
  for (const [service, count] of Object.entries(replicas)) {
    const spec = services[service];
    if (spec === undefined) throw unknownService(now.project, service, base);
    if (!Number.isInteger(count) || count < 0) throw fail('REPLICAS_INVALID', { service, count });
    services[service] = { ...spec, replicas: count };
  }
  return draftOf(base.model, base.directory, services, now.world.clock.now());
}

/** All services that keep running when none is named. */
function servicesToRestart(now: Situation, services: readonly string[]): ReadonlySet<string> {
  const base = running(now);
  for (const service of services) if (!(service in base.services)) throw unknownService(now.project, service, base);
  const all = Object.values(base.services).filter((spec) => !spec.oneShot);
  return new Set(services.length > 0 ? services : all.map((spec) => spec.name));
}

function unknownService(project: string, service: string, release: Release): Error {
  return fail('SERVICE_UNKNOWN', { project, service, known: Object.keys(release.services).join(', ') });
}

function warmRelease({ world, project }: Situation): Release {
  const parked = world.store.parked().filter((one) => one.project === project);
  const release = parked.at(-1)?.release;
  const target = release === undefined ? undefined : world.store.release(project, release);
  if (target === undefined) throw fail('NOTHING_WARM', { project });
  return target;
}

function lastOrdinals(world: World, target: Release): Record<string, number> {
  const names = Object.keys(target.services);
  return Object.fromEntries(names.map((name) => [name, world.store.lastOrdinal(target.project, name, target.number)]));
}

/** Published ports of other projects. */
function takenPorts(traffic: TrafficKeeper, own: string): ReadonlySet<number> {
  const others = Object.entries(traffic.all()).filter(([project]) => project !== own);
  return new Set(
    others.flatMap(([, services]) =>
      Object.values(services).flatMap((service) => service.exposure.published.map((one) => one.port)),
    ),
  );
}
