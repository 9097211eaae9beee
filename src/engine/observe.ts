import type { ObservedInstance } from '#model/instance.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { Observed } from '#rollout/observed.ts';
import type { Runtime } from '#world/runtime.ts';
import type { World } from '#world/world.ts';
import type { TrafficKeeper } from './traffic-keeper.ts';

/** The runtimes that this Timonel has. */
export function runtimesOf(world: Pick<World, 'runtimes'>): readonly Runtime[] {
  return Object.values(world.runtimes).filter((runtime) => runtime !== undefined);
}

/** Every instance of the project, in whatever runtime. */
export async function observeInstances(world: World, project: string): Promise<readonly ObservedInstance[]> {
  const found = await Promise.all(runtimesOf(world).map((runtime) => runtime.observe(project)));
  return found.flat();
}

/** What is true of the project now. */
export async function observeProject(world: World, traffic: TrafficKeeper, project: string): Promise<Observed> {
  const instances = await observeInstances(world, project);
  const record = world.store.project(project);
  const parked = world.store.parked().filter((one) => one.project === project);
  return {
    instances,
    traffic: traffic.of(project),
    parked: new Set(parked.map((one) => one.instance)),
    serving: record?.serving,
    stopped: record?.stopped ?? false,
  };
}

/** Runtimes that the services need, each once. */
export function kindsOf(services: Readonly<Record<string, { readonly runtime: RuntimeKind }>>): readonly RuntimeKind[] {
  return [...new Set(Object.values(services).map((spec) => spec.runtime))];
}
