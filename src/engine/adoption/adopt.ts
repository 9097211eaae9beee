import { fail } from '#core/errors.ts';
import { type Finding, finding, hasErrors } from '#core/finding.ts';
import type { Release } from '#model/release.ts';
import type { ProjectTraffic, PublishedPort } from '#model/traffic.ts';
import { planVersion } from '#rollout/plan.ts';
import type { AdoptionPort } from '#world/adoption.ts';
import type { Runtime } from '#world/runtime.ts';
import type { AdoptRequest, AdoptResult, ProjectRequest } from '../api.ts';
import { type Desired, draftOf } from '../desired.ts';
import type { Parts } from '../execute/context.ts';
import { InvalidInput } from '../invalid-input.ts';
import { diversionsOf, publish } from './ports.ts';
import { type AdoptedService, survey } from './survey.ts';
import { carriedRoutes, trafficOf } from './traffic.ts';

type Resolve = (request: ProjectRequest) => Promise<Desired>;

interface Adopting {
  readonly parts: Parts;
  readonly runtime: Runtime;
  readonly adoption: AdoptionPort;
  readonly release: Release;
  readonly services: readonly AdoptedService[];
  readonly traffic: ProjectTraffic;
}

/**
 * Takes over what Docker Compose started for the project of a file: its containers become the instances of a release
 * that records what really runs, and new connections to its ports pass the proxy. No container is stopped or changed.
 *
 * The order makes a crash harmless at every point: the proxy first, which only gains; then the runtime's books; the
 * release last, in one transaction. What was begun and not finished is done again by the next adoption.
 *
 * @throws ADOPT_NOTHING, ADOPT_ALREADY_SERVES, ADOPT_UDP, ADOPT_NO_FREE_PORT, LOCKED; InvalidInput for a bad file
 */
export async function adopt(parts: Parts, resolve: Resolve, request: AdoptRequest): Promise<AdoptResult> {
  const runtimeKind = request.request.runtime ?? 'docker';
  const desired = await resolve({ ...request.request, runtime: runtimeKind, acceptNewVolumes: true });
  const { draft } = desired;
  if (draft === undefined || hasErrors(desired.findings)) throw new InvalidInput(desired.findings);
  const { project } = draft;
  const runtime = parts.world.runtimes[runtimeKind];
  const adoption = runtime?.adoption;
  if (runtime === undefined || adoption === undefined) throw fail('ADOPT_NO_RUNTIME', { runtime: runtimeKind });
  demandFree(parts, project);
  await runtime.ready();
  const { services, findings } = survey(draft, await adoption.find(project));
  if (services.length === 0) throw fail('ADOPT_NOTHING', { project });
  const specs = Object.fromEntries(services.map(({ spec }) => [spec.name, spec]));
  const { now } = { now: parts.world.clock.now() };
  const release: Release = {
    ...draftOf(draft.model, draft.directory, specs, now),
    number: parts.world.store.nextReleaseNumber(project),
  };
  const published = await publish(parts, services);
  const routes = await carriedRoutes(parts, services);
  const notes = [...desired.findings, ...findings, ...routes.findings, ...(await portNotes(adoption, published))];
  const told = { project, services: services.map((one) => summaryOf(one, release.number)), findings: notes };
  if (request.dryRun) return { ...told, release: undefined };
  // Networks and service addresses come first: the proxy listens on them.
  await runtime.ensureProject(release.model, { name: project, directory: release.directory });
  const addressOf = (service: string) => runtime.serviceAddress(project, service);
  const traffic = await trafficOf({ services, release: release.number, published, routes: routes.carried, addressOf });
  await takeOver({ parts, runtime, adoption, release, services, traffic }, request.by);
  return { ...told, release: release.number };
}

function demandFree({ world }: Parts, project: string): void {
  const { store } = world;
  const record = store.project(project);
  if (record?.serving !== undefined && !record.stopped)
    throw fail('ADOPT_ALREADY_SERVES', { project, release: record.serving });
  const holder = store.lockHolder(project);
  if (holder === undefined) return;
  const { deployment, by, step, since } = holder;
  throw fail('LOCKED', { project, deployment, by, step, since: new Date(since).toISOString() });
}

async function takeOver(adopting: Adopting, by: string): Promise<void> {
  const { parts, release } = adopting;
  const { store, clock } = parts.world;
  const { project } = release;
  store.ensureProject(project);
  const id = store.createDeployment({ project, kind: 'deploy', by, startedAt: clock.now() });
  store.lock(project, { deployment: id, by, since: clock.now(), step: undefined });
  try {
    await change(adopting, id);
  } catch (error) {
    await undo(adopting);
    store.endDeployment(id, { state: 'failed', reason: undefined, code: 1, at: clock.now() });
    throw error;
  } finally {
    store.unlock(project, id);
  }
  await parts.supervisor.sync(project);
}

async function change({ parts, adoption, release, services, traffic }: Adopting, id: string): Promise<void> {
  const { world } = parts;
  const { project, number } = release;
  await world.balancer.ensureRunning();
  await parts.traffic.editAll(
    project,
    mapValues(traffic, (one) => () => one),
  );
  await adoption.divert(project, diversionsOf(traffic, world.edge.address));
  await adoption.take(
    project,
    services.flatMap(({ spec, containers }) =>
      containers.map(({ container, image }, index) => ({
        ...{ container, id: idOf(spec.name, number, index), service: spec.name, release: number },
        ...{ fingerprint: spec.fingerprint, source: spec.source.kind === 'image' ? spec.source : image.source },
      })),
    ),
  );
  const { store, clock } = world;
  store.transaction(() => {
    store.saveRelease(release);
    store.setServing(project, number);
    store.setStopped(project, false);
    for (const { spec, containers } of services) store.setLastOrdinal(project, spec.name, number, containers.length);
    store.setPlan(id, emptyPlan(project, number), '');
    store.endDeployment(id, { state: 'succeeded', reason: undefined, code: 0, at: clock.now() });
  });
}

/** Back to where it began: the containers were never touched, so only our own books change. */
async function undo({ parts, adoption, release, traffic }: Adopting): Promise<void> {
  const { project } = release;
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ['take diversions back', () => adoption.divert(project, [])],
    ['give containers back', () => adoption.giveBack(project)],
    [
      'take the project out of the proxy',
      () =>
        parts.traffic.editAll(
          project,
          mapValues(traffic, () => () => undefined),
        ),
    ],
  ];
  for (const [what, step] of steps)
    await step().catch((error: unknown) => parts.onFailure(`${what}: ${project}`, error));
}

/** An adoption changes nothing that runs, so its plan has no step. */
function emptyPlan(project: string, to: number) {
  const nothing = { changes: [], steps: [], baseline: {}, exposures: {} };
  return { version: planVersion, project, kind: 'deploy' as const, from: undefined, to, ...nothing };
}

function summaryOf({ spec, containers, fits }: AdoptedService, release: number): AdoptResult['services'][number] {
  return {
    service: spec.name,
    fits,
    instances: containers.map(({ name, address }, index) => ({
      ...{ id: idOf(spec.name, release, index), container: name, address },
    })),
  };
}

function idOf(service: string, release: number, index: number): string {
  return `${service}-r${release}-${index + 1}`;
}

type PublishedOf = Readonly<Record<string, readonly PublishedPort[]>>;

async function portNotes(adoption: AdoptionPort, published: PublishedOf): Promise<readonly Finding[]> {
  const all = Object.entries(published).flatMap(([service, ports]) => ports.map(({ port }) => ({ service, port })));
  const refused = new Set(await adoption.refusedByFirewall(all.map((one) => one.port)));
  return [
    ...all.map((one) => finding('info', 'ADOPT_PORT_DIVERTED', one)),
    ...all.filter((one) => refused.has(one.port)).map((one) => finding('warning', 'ADOPT_FIREWALL', one)),
  ];
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
