import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeWorld, tell } from '../support/world/fake-world.ts';
import { judge, settled } from './judge.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/*
 * Every call of a runtime or the proxy fails once, in every deployment. Whether that is made good or the deployment goes
 * back, clients see nothing of it, and the project is whole afterwards.
 */

for (const scenario of scenarios) {
  describe(`an adapter fails during ${scenario.name}`, () => {
    test('at every call', async () => {
      const calls = await failAt(scenario, Number.POSITIVE_INFINITY);
      assert.ok(calls > 5, `only ${calls} calls were counted`);
      for (let call = 1; call <= calls; call += 1) await failAt(scenario, call);
    });
  });
}

/** Runs the scenario with the `call`-th call of an adapter failing; returns how many calls there were. */
async function failAt(scenario: Scenario, call: number): Promise<number> {
  const world = new FakeWorld();
  try {
    world.machine.behaviours = scenario.behaviours;
    for (const specs of scenario.before) await world.deploy(...specs);
    const life = await world.replaceDaemon();
    life.calls = 0;
    life.failAt = call;
    // An order that is refused because of the failure never began.
    await scenario.begin(world).then(tell, () => undefined);
    const { calls } = life;
    await settled(world);
    // That something in the background failed once is what this test does.
    world.problems.length = 0;
    const about = `${scenario.name}, call ${call} fails`;
    await judge(scenario, world, about);
    await isLookedAfter(world, about);
    return calls;
  } finally {
    await world.close();
  }
}

/** Whatever serves is started again when it crashes: the failure has left nobody alone. */
async function isLookedAfter(world: FakeWorld, about: string): Promise<void> {
  const serving = [...world.serving('web'), ...world.serving('db')];
  for (const id of serving) world.machine.crash(id);
  await world.clock.wait(5000);
  assert.deepEqual([...world.serving('web'), ...world.serving('db')].toSorted(), serving.toSorted(), about);
}
