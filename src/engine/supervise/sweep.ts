import type { ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import { withoutMember } from '#rollout/traffic/edits.ts';
import { observeInstances, runtimesOf } from '../observe.ts';
import { specOfInstance } from '../spec-of.ts';
import type { SupervisorParts } from './supervisor.ts';

interface Found {
  readonly project: string;
  readonly instances: readonly ObservedInstance[];
  /** Ids of those that serve or are warm. */
  readonly expected: ReadonlySet<string>;
  readonly release: Release | undefined;
}

/**
 * Stops and removes instances that serve nobody: an interrupted or failed deployment left them. Only of projects that
 * are recorded here; were the records lost, what runs is left alone.
 */
export async function sweep(parts: SupervisorParts, { project, instances, expected, release }: Found): Promise<void> {
  const { world, traffic, onFailure } = parts;
  if (world.store.project(project) === undefined) return;
  const left = instances.filter((one) => !expected.has(one.id) && !isFinishedJob(one, release));
  for (const one of left) {
    if (parts.isBusy(project)) return;
    try {
      await removeInstance(parts, one, release);
    } catch (error) {
      onFailure(`remove ${one.id}`, error);
    }
  }
  const present = new Set((await observeInstances(world, project)).map((one) => one.id));
  for (const [service, state] of Object.entries(traffic.of(project)))
    for (const member of state.members)
      if (member.share !== 'serving' && !present.has(member.id) && !parts.isBusy(project))
        await traffic.edit(project, service, (now) => now && withoutMember(now, member.id));
}

/** The ended instance of a one-shot service says that it has run for this release. */
function isFinishedJob(one: ObservedInstance, release: Release | undefined): boolean {
  const spec = release?.services[one.service];
  return spec?.oneShot === true && spec.fingerprint === one.fingerprint;
}

/** Stops and removes one instance, with the grace of its own spec. */
export async function removeInstance(
  { world, traffic, book }: SupervisorParts,
  one: ObservedInstance,
  release: Release | undefined,
): Promise<void> {
  const spec = specOfInstance(world.store, one, [release]);
  for (const runtime of runtimesOf(world)) {
    const here = (await runtime.observe(one.project)).some((other) => other.id === one.id);
    if (!here) continue;
    await runtime.stop(one.project, one.id, {
      signal: spec?.stopSignal ?? 'SIGTERM',
      graceMs: spec?.stopGraceMs ?? 10_000,
    });
    await runtime.remove(one.project, one.id);
  }
  book.forget(one.project, one.id);
  await traffic.edit(one.project, one.service, (now) => now && withoutMember(now, one.id));
}
