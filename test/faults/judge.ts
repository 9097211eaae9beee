import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ForkedDaemon } from '../support/fork-daemon.ts';
import type { FakeWorld } from '../support/world/fake-world.ts';
import type { Scenario } from './scenarios.ts';

/** Waits until nothing is under way any more, at most ten seconds of the machine's time after its last step. */
export async function settled(world: FakeWorld): Promise<void> {
  for (let asked = 0; asked < 400; asked += 1) {
    const [unfinished] = world.store.unfinishedDeployments();
    if (unfinished === undefined && world.store.lockHolder('shop') === undefined) break;
    await world.clock.wait(100);
  }
  await world.clock.wait(3000);
}

/** All that must hold once nothing is under way any more, whatever went wrong on the way. */
export async function judge(scenario: Scenario, world: FakeWorld, about: string): Promise<void> {
  // Where nothing served before, nobody was promised that what answered for a moment would go on to.
  if (scenario.before.length > 0) assert.deepEqual(world.machine.failures, [], `${about}: what clients saw`);
  assert.deepEqual(world.problems, [], `${about}: what failed in the background`);
  assert.deepEqual(world.store.unfinishedDeployments(), [], about);
  assert.equal(world.store.lockHolder('shop'), undefined, about);
  const last = world.store.lastDeployment('shop');
  // One that died before it was recorded never began.
  if (last?.id === `shop-${scenario.before.length + 1}`)
    assert.ok(scenario.states.includes(last.state), `${about}: ${last.state}`);
  const serving: string[] = [];
  for (const [service, sets] of Object.entries(scenario.serving)) {
    const found = world.serving(service).toSorted();
    assert.ok(
      sets.some((set) => set.join() === found.join()),
      `${about}: ${service} is served by ${found.join(' ') || 'nobody'}`,
    );
    serving.push(...found);
  }
  const warm = world.store.parked().map((one) => one.instance);
  assert.deepEqual(world.running.toSorted(), [...serving, ...warm].toSorted(), `${about}: what runs`);
  const status = await world.engine.status('shop').catch(() => undefined);
  if (serving.length > 0) assert.equal(status?.state, 'healthy', `${about}: ${JSON.stringify(status)}`);
  if (last?.state === 'succeeded' && last.kind !== 'down') assert.equal(status?.release, last.plan?.to, about);
}

/** An instance that still serves is the same process as before; only a recreate may have started it again. */
export function keepsWhatServed(
  world: FakeWorld,
  before: readonly { id: string; pid?: number }[],
  about: string,
): void {
  for (const one of before) {
    const now = world.machine.observe().find((other) => other.id === one.id && other.state === 'running');
    if (now === undefined || world.machine.calls.includes(`restart ${one.id}`)) continue;
    assert.equal(now.pid, one.pid, `${about}: ${one.id} is another process`);
  }
}

interface Wholeness {
  readonly daemon: ForkedDaemon;
  readonly project: string;
  readonly about: string;
  readonly withinMs: number;
  /** Things in the background that a fault on purpose has made fail. */
  readonly expectProblems?: boolean;
}

/**
 * Waits until a real daemon has everything under control again, and asserts what must hold then: nothing under way, no
 * lock held, every service as the release wants it, all of one release, and nothing left of another.
 */
export async function wholeAgain({ daemon, project, about, withinMs, expectProblems }: Wholeness): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const wrong = await firstWrong(daemon, project).catch((error: unknown) => String(error));
    if (wrong === undefined) break;
    assert.ok(performance.now() < deadline, `${about}: after ${withinMs} ms still ${wrong}`);
    await sleep(100);
  }
  if (expectProblems !== true) assert.deepEqual(daemon.problems, [], about);
}

async function firstWrong(daemon: ForkedDaemon, project: string): Promise<string | undefined> {
  const { status, unfinished } = await daemon.status(project);
  if (unfinished > 0) return `${unfinished} deployments under way`;
  if (status.state !== 'healthy') return JSON.stringify(status, null, 1);
  const { instances, parked, holder } = await daemon.look(project);
  if (holder !== undefined) return `locked by ${holder.deployment}`;
  const serving = status.services.flatMap((one) => one.instances.filter((instance) => instance.state === 'healthy'));
  const foreign = serving.filter((one) => one.release !== status.release);
  if (foreign.length > 0) return `served by ${foreign.map((one) => one.id).join(' ')} in release ${status.release}`;
  const wanted = [...serving.map((one) => one.id), ...parked].toSorted();
  const running = instances.map((one) => `${one.id}${one.state === 'running' ? '' : ` (${one.state})`}`).toSorted();
  return wanted.join() === running.join() ? undefined : `there is ${running.join()} instead of ${wanted.join()}`;
}
