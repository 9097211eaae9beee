import { servingIds } from '#rollout/traffic/edits.ts';
import { settlePorts } from './adoption/settle.ts';
import type { Deployments } from './deployments.ts';
import { backendsOf } from './door/flow.ts';
import type { BreakerNews } from './events/breaker-news.ts';
import type { Parts } from './execute/context.ts';
import { observeInstances } from './observe.ts';
import type { Pauses } from './pauses/pauses.ts';
import type { ProxyKeeper } from './proxy-keeper.ts';

/** What a start needs of the engine. */
export interface Organs extends Parts {
  readonly deployments: Deployments;
  readonly proxy: ProxyKeeper;
  readonly pauses: Pauses;
  readonly breakers: BreakerNews;
}

/** How long the start waits for the proxy, and for one project's runtime to answer, milliseconds; then it goes on trying by itself. */
const patienceMs = 3000;

/**
 * After a start of the daemon: the proxy carries again what the store says, unfinished deployments go on or back, and
 * every other project is taken charge of: what runs is adopted, what should run and does not is brought back.
 * Resolves once that is under way; how far it is, `status` says.
 */
export async function recoverAll(parts: Organs): Promise<void> {
  const { world, traffic, supervisor, deployments, proxy, pauses, breakers, onFailure } = parts;
  const projects = world.store.projects().map((one) => one.name);
  if (Object.keys(traffic.all()).length > 0) {
    await presumeSick(parts);
    await Promise.race([proxy.bringBack(), world.clock.wait(patienceMs)]);
    void pauses.settle();
    // What turned while no daemon was there.
    for (const one of world.balancer.breakers()) breakers.take(one);
  }
  const unfinished = world.store.unfinishedDeployments();
  const holders = new Map(projects.map((name) => [name, world.store.lockHolder(name)?.deployment]));
  for (const [project, deployment] of holders)
    if (deployment !== undefined && !unfinished.some((one) => one.id === deployment))
      world.store.unlock(project, deployment);
  for (const { project, plan } of unfinished) {
    if (plan === undefined) continue;
    const made = new Set(plan.steps.flatMap((step) => (step.kind === 'start' ? [step.instance] : [])));
    await supervisor.adopt(project, made).catch((error: unknown) => onFailure(`adopt what serves ${project}`, error));
  }
  // Those that had a plan first: they hold the lock; others were still waiting for it.
  for (const record of unfinished.toSorted((a, b) => Number(b.plan !== undefined) - Number(a.plan !== undefined)))
    deployments.resume(record);
  for (const project of projects) {
    if (unfinished.some((one) => one.project === project && one.plan !== undefined)) continue;
    await Promise.race([settledAndSynced(parts, project), world.clock.wait(patienceMs)]);
  }
}

async function settledAndSynced({ supervisor, onFailure, ...parts }: Organs, project: string): Promise<void> {
  await supervisor.sync(project);
  await settlePorts(parts, project).catch((error: unknown) =>
    onFailure(`move the proxy to the ports of ${project}`, error),
  );
}

/**
 * Who must get nothing now: instances that do not run, and those that the daemon before had taken out of the rotation.
 * The proxy still knows the latter; forgetting it would send requests to an ill instance until its probe fails again.
 */
async function presumeSick({ world, traffic }: Parts): Promise<void> {
  const known = await world.balancer.observe().catch(() => []);
  const resting = new Set(known.filter((one) => one.state !== 'ready').map((one) => `${one.backend} ${one.server}`));
  for (const [project, services] of Object.entries(traffic.all())) {
    const instances = await observeInstances(world, project).catch(() => []);
    const running = new Set(instances.filter((one) => one.state === 'running').map((one) => one.id));
    for (const [service, state] of Object.entries(services))
      for (const id of servingIds(state)) {
        // An instance without a share looks to the proxy like one that was taken out.
        const isShareless = state.members.some((one) => one.id === id && one.weight === 0);
        const isResting =
          !isShareless && backendsOf(project, service, state).some((backend) => resting.has(`${backend} ${id}`));
        if (!running.has(id) || isResting) traffic.presumeSick(project, id);
      }
  }
}
