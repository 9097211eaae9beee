import { fail } from '#core/errors.ts';
import { hasErrors } from '#core/finding.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { World } from '#world/world.ts';
import type { Engine, ProjectRequest, RunOptions } from './api.ts';
import { CanaryBoard } from './canary/board.ts';
import { carriedRoutes } from './carried-routes.ts';
import { CertificateKeeper } from './certificates/keeper.ts';
import { certificatesOf, certificateWarnings } from './certificates/view.ts';
import { Deployments } from './deployments.ts';
import { type Desired, type ReleaseDraft, resolveDesired } from './desired.ts';
import type { History } from './emptied-mounts.ts';
import { errandsOf } from './errands/index.ts';
import { BreakerNews } from './events/breaker-news.ts';
import { EventBook } from './events/event-book.ts';
import type { EngineOptions, Parts } from './execute/context.ts';
import { InvalidInput } from './invalid-input.ts';
import { logsOf } from './logs.ts';
import { kindsOf } from './observe.ts';
import { type Order, planOrder } from './orders.ts';
import { Pauses } from './pauses/pauses.ts';
import { ProxyKeeper } from './proxy-keeper.ts';
import { keptReleases, servingRelease } from './recorded.ts';
import { recoverAll } from './recover.ts';
import { statusOf } from './status.ts';
import { Supervisor } from './supervise/supervisor.ts';
import { TrafficKeeper } from './traffic-keeper.ts';
import type { Turn } from './turns.ts';
import { HealthBook } from './watch/health-book.ts';
import { OutlierWatch } from './watch/outlier-watch.ts';

export interface CreateOptions extends Partial<EngineOptions> {
  /** From a user's request to a release draft; tests bring their own. */
  readonly resolve?: (request: ProjectRequest) => Promise<Desired>;
}

const defaultKeepReleases = 10;

/** The engine over a world: the only part of Timonel that decides and acts. */
export function createEngine(world: World, options: CreateOptions = {}): Engine {
  const parts = assemble(world, options);
  const { deployments, traffic, supervisor, book } = parts;
  const proxy = new ProxyKeeper(parts);
  const certificates = new CertificateKeeper(parts);
  const pauses = new Pauses(parts);
  const breakers = new BreakerNews(parts.events, world.store);
  const unwatchBreakers = world.balancer.watchBreakers((breaker) => breakers.take(breaker));
  const resolve = options.resolve ?? ((request: ProjectRequest) => resolveFromFiles(world, request));
  const run = async (project: string, order: Exclude<Order, { kind: 'deploy' }>, by: RunOptions) => {
    requireProject(world, project);
    return planFirst(parts, project, order, by);
  };

  return {
    plan: async (request) => {
      const desired = await resolve(request);
      const draft = requireDraft(desired);
      const { plan } = await planOrder({ world, traffic, book, project: draft.project }, { kind: 'deploy', draft });
      const { from, to, changes, steps } = plan;
      return {
        project: draft.project,
        from,
        to,
        changes,
        steps: steps.map((step) => step.id),
        findings: desired.findings,
      };
    },
    deploy: async (request, by) => {
      const desired = await resolve(request);
      const draft = requireDraft(desired);
      if (request.createNetworks === true) await createNetworks(world, draft);
      const order = async (turn: Turn): Promise<Order> => ({
        kind: 'deploy',
        draft: turn === 'at once' ? draft : requireDraft(await resolve(request)),
      });
      const running = deployments.begin({ ...by, project: draft.project, kind: 'deploy', order });
      return { id: running.id, project: running.project, events: () => running.events(), findings: desired.findings };
    },
    rollback: (project, release, by) => run(project, { kind: 'rollback', release }, by),
    scale: (project, replicas, by) => run(project, { kind: 'scale', replicas }, by),
    restart: (project, services, by) => run(project, { kind: 'restart', services }, by),
    switchover: (project, by) => run(project, { kind: 'switchover' }, by),
    down: (project, by) => run(project, { kind: 'down' }, by),
    cancel: async (project) => deployments.cancel(project),
    steer: async (project, order, by) => {
      requireProject(world, project);
      return deployments.steer(project, order, by);
    },
    pause: async (project, order, signal) => {
      requireProject(world, project);
      return pauses.pause(project, order, signal);
    },
    resume: async (project, services, by) => {
      requireProject(world, project);
      return pauses.resume(project, services, by);
    },
    deployment: (id) => deployments.find(id),
    projects: async () => world.store.projects().map((one) => one.name),
    status: async (project) => {
      requireProject(world, project);
      const status = await statusOf(parts, project);
      return { ...status, warnings: [...status.warnings, ...certificateWarnings(parts, project)] };
    },
    releases: async (project) => {
      requireProject(world, project);
      return world.store.releases(project);
    },
    certificates: async () => certificatesOf(parts),
    retryCertificates: async (host) => certificates.retry(host),
    logs: (query, signal) => logsOf(world, query, signal),
    events: (query, signal) => parts.events.read(query, signal),
    ...errandsOf(parts, resolve),
    recover: () => recoverAll({ ...parts, proxy, pauses, breakers }),
    close: async () => {
      unwatchBreakers();
      proxy.close();
      certificates.close();
      supervisor.close();
      book.close();
      parts.outliers.close();
      deployments.close();
    },
  };
}

/** The engine's organs, wired to each other once. */
function assemble(world: World, given: CreateOptions): Parts & { readonly deployments: Deployments } {
  const options: EngineOptions = {
    keepReleases: given.keepReleases ?? defaultKeepReleases,
    onFailure: given.onFailure ?? (() => undefined),
    ...(given.onStep === undefined ? {} : { onStep: given.onStep }),
  };
  const traffic = new TrafficKeeper(world);
  const book = new HealthBook(world);
  const events = new EventBook({ world, onFailure: options.onFailure });
  const outliers = new OutlierWatch({ world, traffic, events, onFailure: options.onFailure });
  const isBusy = (project: string) => world.store.lockHolder(project) !== undefined;
  const { onFailure } = options;
  const supervisor = new Supervisor({ world, traffic, book, events, isBusy, onFailure });
  const canaries = new CanaryBoard();
  const parts: Parts = { world, traffic, book, outliers, supervisor, canaries, events, options, isBusy, onFailure };
  return { ...parts, deployments: new Deployments(parts) };
}

function resolveFromFiles(world: World, request: ProjectRequest): Promise<Desired> {
  const door = {
    files: world.files,
    runtimes: definedRuntimes(world),
    now: () => world.clock.now(),
    runtimeOf: (project: string) => runtimeOf(world, project),
    carriedRoutes: () => carriedRoutes(world.store.traffic()),
    history: (project: string) => historyOf(world, project),
  };
  return resolveDesired(door, request, new AbortController().signal);
}

/** The user said so: networks are made before anything else, because the deployment expects them. */
async function createNetworks(world: World, { model, services }: ReleaseDraft): Promise<void> {
  const external = Object.entries(model.networks ?? {}).filter(([, network]) => network?.external === true);
  const names = external.map(([key, network]) => network?.name ?? key);
  for (const kind of kindsOf(services)) await world.runtimes[kind]?.createNetworks?.(names);
}

/** The runtime of what serves, or served last. */
function runtimeOf({ store }: World, project: string): RuntimeKind | undefined {
  return Object.values(servingRelease(store, project)?.services ?? {})[0]?.runtime;
}

function historyOf({ store }: World, project: string): History {
  return { serving: servingRelease(store, project), all: keptReleases(store, project) };
}

function definedRuntimes(world: World) {
  return Object.fromEntries(Object.entries(world.runtimes).filter(([, runtime]) => runtime !== undefined));
}

function requireDraft(desired: Desired): ReleaseDraft {
  if (desired.draft === undefined || hasErrors(desired.findings)) throw new InvalidInput(desired.findings);
  return desired.draft;
}

function requireProject(world: World, project: string): void {
  if (world.store.project(project) !== undefined) return;
  const known = world.store.projects().map((one) => one.name);
  throw fail('PROJECT_UNKNOWN', { project, known: known.join(', ') });
}

/** An order that cannot be meant is refused at once, not by a deployment that fails. */
async function planFirst(
  { world, traffic, book, deployments }: Parts & { readonly deployments: Deployments },
  project: string,
  order: Exclude<Order, { kind: 'deploy' }>,
  by: RunOptions,
) {
  await planOrder({ world, traffic, book, project }, order);
  return deployments.begin({ ...by, project, kind: order.kind, order: async () => order });
}
