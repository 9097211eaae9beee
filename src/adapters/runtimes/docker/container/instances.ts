import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import type { InstanceSpec, ObservedInstance } from '#model/instance.ts';
import { label } from '../labels.ts';
import { containerName } from '../names.ts';
import type { Parts } from '../parts.ts';
import type { ContainerInspected } from './api.ts';
import { removeGrantedFiles } from './granted-files.ts';
import { observedOf } from './observed.ts';
import { removeContainer } from './remove.ts';
import { ensureStarted, startContainer } from './start.ts';

/** Every instance of a project, or of all projects of the home. */
export async function observeInstances(parts: Parts, project?: string): Promise<readonly ObservedInstance[]> {
  const { containers, home } = parts;
  const labels = { [label.home]: home.id, ...(project === undefined ? {} : { [label.project]: project }) };
  const listed = await containers.list({ ...labels, [label.instance]: undefined });
  const instances = listed.filter((one) => one.Labels[label.oneOff] === undefined);
  const inspected = await Promise.all(instances.map((one) => containers.inspect(one.Id)));
  const observed = await Promise.all(inspected.map((one) => (one === undefined ? undefined : observe(parts, one))));
  return observed.filter((one) => one !== undefined);
}

/** One instance as it is now. */
async function observeInstance(parts: Parts, project: string, id: string): Promise<ObservedInstance> {
  const observed = await observe(parts, await demandInstance(parts, project, id));
  if (observed === undefined) throw fail('DOCKER_NO_INSTANCE', { instance: id, project });
  return observed;
}

/** Starts an instance and its hooks, and tells how it is. */
export async function startInstance(
  parts: Parts,
  instance: InstanceSpec,
  signal: AbortSignal,
): Promise<ObservedInstance> {
  const { project, id } = instance;
  await ensureStarted(parts, instance, signal);
  return observeInstance(parts, project, id);
}

/** Starts an instance that ended, as the same instance on the same address. One that runs is left as it is. */
export async function restartInstance(
  parts: Parts,
  project: string,
  id: string,
  signal: AbortSignal,
): Promise<ObservedInstance> {
  const container = await demandInstance(parts, project, id);
  if (!container.State.Running) {
    await startContainer(parts, container.Id, { id, project }, signal);
    await parts.states.change(project, (state) => ({
      ...state,
      restarts: { ...state.restarts, [id]: (state.restarts[id] ?? 0) + 1 },
    }));
  }
  return observeInstance(parts, project, id);
}

/**
 * Removes an instance that has ended; its log stays in the home. One that is gone is removed already.
 *
 * @throws DOCKER_STILL_RUNNING
 */
export async function removeInstance(parts: Parts, project: string, id: string): Promise<void> {
  const name = containerName(project, id);
  const container = await parts.containers.ofInstance(project, id);
  if (container !== undefined && isOurs(parts, container, id)) {
    if (container.State.Running) throw fail('DOCKER_STILL_RUNNING', { instance: id });
    await parts.logs.keep(container);
    await removeContainer(parts, container.Id);
  }
  await removeGrantedFiles(join(parts.home.files, project, name));
  await parts.states.change(project, (state) => {
    if (state.restarts[id] === undefined && state.adopted[id] === undefined) return state;
    const { [id]: _count, ...restarts } = state.restarts;
    const { [id]: _container, ...adopted } = state.adopted;
    return { ...state, restarts, adopted };
  });
}

/** @throws DOCKER_NO_INSTANCE */
export async function demandInstance(parts: Parts, project: string, id: string): Promise<ContainerInspected> {
  const container = await parts.containers.ofInstance(project, id);
  if (container === undefined || !isOurs(parts, container, id))
    throw fail('DOCKER_NO_INSTANCE', { instance: id, project });
  return container;
}

function isOurs({ home }: Parts, container: ContainerInspected, id: string): boolean {
  const labels = container.Config.Labels ?? {};
  return labels[label.home] === home.id && labels[label.instance] === id;
}

async function observe(parts: Parts, container: ContainerInspected): Promise<ObservedInstance | undefined> {
  const labels = container.Config.Labels ?? {};
  const [project = '', instance = ''] = [labels[label.project], labels[label.instance]];
  parts.events.told(container.Id, { running: container.State.Running, project, instance });
  const state = await parts.states.read(project);
  return observedOf(container, state.restarts[instance] ?? 0);
}
