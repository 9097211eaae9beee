import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeWorld, tell } from '../support/world/fake-world.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/*
 * The daemon dies at every single effect of every deployment: before and after each write of its records, and before
 * and after each call of a runtime or the proxy. Each time another daemon starts on what is left, and all of DESIGN
 * section 2 must hold: nobody was let down, the project is whole, nothing is left over, nothing ran twice.
 */

for (const scenario of scenarios) {
  describe(`the daemon dies during ${scenario.name}`, () => {
    test('at every effect', async () => {
      const effects = await dieAt(scenario, Number.POSITIVE_INFINITY);
      assert.ok(effects > 20, `only ${effects} effects were counted`);
      for (let moment = 1; moment <= effects; moment += 1) await dieAt(scenario, moment);
    });
  });
}

/** Runs the scenario with a daemon that dies at its `moment`-th effect; returns how many effects there were. */
async function dieAt(scenario: Scenario, moment: number): Promise<number> {
  const world = new FakeWorld();
  const about = `${scenario.name}, death at effect ${moment}`;
  try {
    world.machine.behaviours = scenario.behaviours;
    for (const specs of scenario.before) assert.equal((await world.deploy(...specs)).end.state, 'succeeded', about);
    const commands = world.machine.releaseCommands.length;
    const before = world.machine.observe();
    const life = await world.replaceDaemon(moment);
    await Promise.race([life.death, scenario.begin(world).then(tell)]);
    if (life.isDead) {
      await world.replaceDaemon();
      await settled(world);
    }
    await judge(scenario, world, about);
    assert.ok(world.machine.releaseCommands.length - commands <= 1, `${about}: the release command ran twice`);
    keepsWhatServed(world, before, about);
    return life.effects;
  } finally {
    await world.close();
  }
}

/** Waits until nothing is under way any more, at most ten seconds of the machine's time after its last step. */
async function settled(world: FakeWorld): Promise<void> {
  for (let asked = 0; asked < 400; asked += 1) {
    const [unfinished] = world.store.unfinishedDeployments();
    if (unfinished === undefined && world.store.lockHolder('shop') === undefined) break;
    await world.clock.wait(100);
  }
  await world.clock.wait(3000);
}

async function judge(scenario: Scenario, world: FakeWorld, about: string): Promise<void> {
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
function keepsWhatServed(world: FakeWorld, before: readonly { id: string; pid?: number }[], about: string): void {
  for (const one of before) {
    const now = world.machine.observe().find((other) => other.id === one.id && other.state === 'running');
    if (now === undefined || world.machine.calls.includes(`restart ${one.id}`)) continue;
    assert.equal(now.pid, one.pid, `${about}: ${one.id} is another process`);
  }
}
