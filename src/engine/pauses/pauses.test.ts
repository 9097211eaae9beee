import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { type Given, hostRoute, makeSpec } from '../../../test/support/specs.ts';
import { byTest, FakeWorld, tell } from '../../../test/support/world/fake-world.ts';

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});
afterEach(async () => {
  await world.close();
  assert.deepEqual(world.machine.failures, [], 'what clients saw');
});

const web = (code: string, given: Given = {}): ServiceSpec =>
  makeSpec('web', { code, replicas: 2, routes: [hostRoute('web', 'shop.test')], ...given });
const worker = makeSpec('worker', { port: undefined });
const forever = new AbortController().signal;

const pause = (services: readonly string[], more: { timeoutMs?: number; drainMs?: number } = {}) =>
  world.engine.pause('shop', { services, by: 'ana', ...more }, forever);
const heldNow = () => world.machine.table.backends['shop/web:8000']?.held;
const recorded = () => world.store.traffic().shop?.web?.paused;
const shown = async () => (await world.engine.status('shop')).services.find((one) => one.name === 'web')?.paused;
const warned = async () => (await world.engine.status('shop')).warnings.map((one) => one.code);

describe('a pause', () => {
  test('holds as the service says, or as long as the order says, and status shows it', async () => {
    await world.deploy(web('v1', { hold: { maxMs: 5000, limit: 7 } }));
    assert.equal((await pause(['web']))[0]?.maxMs, 5000);
    assert.deepEqual(heldNow(), { maxMs: 5000, limit: 7 });
    await pause(['web'], { timeoutMs: 90_000 });
    assert.deepEqual(heldNow(), { maxMs: 90_000, limit: 7 });
    assert.equal((await shown())?.by, 'ana');
    assert.deepEqual(await warned(), ['WARN_REQUESTS_WAIT']);
    await world.engine.resume('shop', ['web'], 'ana');
    assert.deepEqual([heldNow(), await shown(), await warned()], [undefined, undefined, []]);
  });

  test('of a service without hold refuses at once, unless the order says how long', async () => {
    await world.deploy(web('v1', { hold: { maxMs: 0, limit: 0 } }));
    await pause(['web']);
    assert.deepEqual(heldNow(), { maxMs: 0, limit: 0 });
    await pause(['web'], { timeoutMs: 1000 });
    assert.deepEqual(heldNow(), { maxMs: 1000, limit: 1000 });
  });

  test('stays through deployments of every strategy, a rollback, a scale and a new daemon, the same since its beginning', async () => {
    await world.deploy(web('v1'));
    await pause(['web'], { timeoutMs: 60_000 });
    const begun = (await shown())?.since;
    const stays = async (what: string) => {
      assert.deepEqual(heldNow(), { maxMs: 60_000, limit: 1000 }, what);
      assert.equal((await shown())?.since, begun, what);
    };
    for (const [index, strategy] of [{ kind: 'recreate' }, { kind: 'blue-green', warmMs: 1000 }].entries()) {
      const told = await world.deploy(web(`v${index + 2}`, { strategy: strategy as ServiceSpec['strategy'] }));
      assert.equal(told.end.state, 'succeeded');
      assert.deepEqual(
        told.end.warnings?.map((one) => one.code),
        ['WARN_REQUESTS_WAIT'],
      );
      await stays(strategy.kind);
    }
    assert.equal((await tell(await world.engine.rollback('shop', undefined, byTest))).end.state, 'succeeded');
    await stays('rollback');
    assert.equal((await tell(await world.engine.scale('shop', { web: 3 }, byTest))).end.state, 'succeeded');
    await stays('scale');
    await world.replaceDaemon();
    await stays('new daemon');
    world.machine.behaviours = { v9: { readyMs: undefined } };
    assert.equal((await world.deploy(web('v9'))).end.state, 'rolled-back');
    await stays('a deployment that failed');
    await world.engine.resume('shop', [], 'ana');
    assert.equal(heldNow(), undefined);
  });

  test('ends with down', async () => {
    await world.deploy(web('v1'));
    await pause(['web']);
    assert.equal((await tell(await world.engine.down('shop', byTest))).end.state, 'succeeded');
    assert.deepEqual([recorded(), await warned()], [undefined, []]);
    await world.deploy(web('v1'));
    assert.equal(heldNow(), undefined);
  });

  test('is refused for what nobody asks, nobody knows, or nobody could wait for', async () => {
    const refused = (code: string) => (error: unknown) => hasCode(error, code as 'PAUSE_WHICH');
    await world.deploy(web('v1'), worker);
    await assert.rejects(pause([]), refused('PAUSE_WHICH'));
    await assert.rejects(pause(['web', 'worker']), refused('PAUSE_NO_REQUESTS'));
    await assert.rejects(pause(['wev']), refused('SERVICE_UNKNOWN'));
    await assert.rejects(pause(['web'], { timeoutMs: 13 * 3_600_000 }), refused('PAUSE_TOO_LONG'));
    await assert.rejects(world.engine.resume('shop', [], 'ana'), refused('RESUME_NOTHING'));
    await assert.rejects(world.engine.resume('shop', ['wev'], 'ana'), refused('SERVICE_UNKNOWN'));
    assert.deepEqual(await world.engine.resume('shop', ['web'], 'ana'), []);
    assert.equal(heldNow(), undefined, 'nothing of it took effect');
  });

  for (const act of ['pause', 'resume'] as const)
    test(`a daemon that dies at any moment of a ${act} leaves nobody waiting unseen`, async () => {
      await world.deploy(web('v1'));
      let survived = false;
      for (let dieAt = 1; !survived; dieAt += 1) {
        assert.ok(dieAt < 200, 'it never gets to its end');
        if (act === 'resume') await pause(['web']);
        const life = await world.replaceDaemon(dieAt);
        const acting = act === 'pause' ? pause(['web']) : world.engine.resume('shop', ['web'], 'ana');
        await Promise.race([acting, life.death]);
        survived = !life.isDead;
        if (heldNow() !== undefined) assert.ok(recorded() !== undefined, `held without a record, dead at ${dieAt}`);
        await world.replaceDaemon();
        await world.clock.wait(1000);
        assert.equal(heldNow() !== undefined, recorded() !== undefined, `dead at ${dieAt}`);
        assert.equal((await shown()) !== undefined, heldNow() !== undefined, `dead at ${dieAt}`);
        if (survived) assert.equal(heldNow() !== undefined, act === 'pause');
        await world.engine.resume('shop', ['web'], 'ana');
        assert.deepEqual([heldNow(), recorded()], [undefined, undefined]);
      }
    });
});
