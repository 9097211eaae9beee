import type { Deployments } from './deployments.ts';
import type { Parts } from './execute/context.ts';

/** How long the start waits for one project's runtime to answer, milliseconds; then it goes on trying by itself. */
const patienceMs = 3000;

/**
 * After a start of the daemon: the proxy carries again what the store says, unfinished deployments go on or back, and
 * every other project is taken charge of: what runs is adopted, what should run and does not is brought back.
 * Resolves once that is under way; how far it is, `status` says.
 */
export async function recoverAll(parts: Parts & { readonly deployments: Deployments }): Promise<void> {
  const { world, traffic, supervisor, deployments, onFailure } = parts;
  const projects = world.store.projects().map((one) => one.name);
  if (Object.keys(traffic.all()).length > 0) await bringProxyBack(parts);
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
    await Promise.race([supervisor.sync(project), world.clock.wait(patienceMs)]);
  }
}

async function bringProxyBack({ world, traffic, onFailure }: Parts): Promise<void> {
  try {
    await world.balancer.ensureRunning();
    await traffic.apply();
  } catch (error) {
    onFailure('bring the proxy back', error);
  }
}
