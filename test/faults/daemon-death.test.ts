import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeWorld, tell } from '../support/world/fake-world.ts';
import { judge, keepsWhatServed, settled } from './judge.ts';
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
