import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { type Given, hostRoute, makeSpec } from '../../test/support/specs.ts';
import { byTest, FakeWorld, tell } from '../../test/support/world/fake-world.ts';

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
  world.machine.behaviours = { slow: { prepareMs: 5000 }, lazy: { readyMs: 8000 } };
});
afterEach(async () => {
  await world.close();
  assert.deepEqual(world.machine.failures, [], 'what clients saw');
  assert.deepEqual(world.problems, [], 'what failed in the background');
});

const web = (code: string, given: Given = {}): ServiceSpec =>
  makeSpec('web', { code, routes: [hostRoute('web', 'shop.test')], ...given });
const request = { cwd: '/srv/shop', env: {} };

/** Waits until the project's deployment is at a step whose id begins like this. */
async function reach(step: string): Promise<void> {
  for (let asked = 0; asked < 1000; asked += 1) {
    const last = world.store.lastDeployment('shop');
    const begun = last === undefined ? [] : world.store.journal(last.id);
    if (begun.some((one) => one.kind === 'step-started' && one.step.startsWith(step))) return;
    await world.clock.wait(10);
  }
  throw new Error(`${step} was never reached`);
}

describe('two deployments of a project', () => {
  test('the second is refused at once, with who, since when and at which step', async () => {
    const first = await world.begin(web('slow'));
    await reach('prepare');
    await assert.rejects(world.engine.deploy(request, { waitMs: 0, by: 'eva' }), (error) => {
      assert.ok(hasCode(error, 'LOCKED'));
      assert.deepEqual(
        { ...error.said.facts, since: '' },
        { project: 'shop', deployment: 'shop-1', by: 'a test', since: '', step: 'prepare:web' },
      );
      return true;
    });
    assert.equal((await tell(first)).end.state, 'succeeded');
  });

  test('the second waits when it may, tells for whom, and then deploys what the files say then', async () => {
    const first = await world.begin(web('slow'));
    await reach('prepare');
    world.files(web('v2'));
    const second = await world.engine.deploy(request, { waitMs: 60_000, by: 'eva' });
    world.files(web('v3'));
    const [a, b] = await Promise.all([tell(first), tell(second)]);
    assert.equal(a.end.state, 'succeeded');
    assert.equal(b.end.state, 'succeeded');
    const waiting = b.events.find((event) => event.event === 'waiting');
    assert.equal(waiting?.event === 'waiting' && waiting.holder.deployment, 'shop-1');
    assert.deepEqual(world.machine.prepared, new Set(['web slow', 'web v3']));
  });

  test('the second gives up when its patience ends, with its own exit code, and changes nothing', async () => {
    const first = await world.begin(web('slow'));
    await reach('prepare');
    const second = await tell(await world.engine.deploy(request, { waitMs: 1000, by: 'eva' }));
    assert.deepEqual([second.end.state, second.end.code, second.end.reason?.code], ['failed', 3, 'LOCKED']);
    assert.equal((await tell(first)).end.state, 'succeeded');
  });

  test('those that wait come in their order', async () => {
    const order: string[] = [];
    const running = [await world.begin(web('slow'))];
    for (const code of ['a', 'b', 'c']) {
      world.files(web(code));
      running.push(await world.engine.deploy(request, { waitMs: 600_000, by: code }));
    }
    await Promise.all(
      running.map(async (one) => {
        await tell(one);
        order.push(one.id);
      }),
    );
    assert.deepEqual(order, ['shop-1', 'shop-2', 'shop-3', 'shop-4']);
  });

  test('of different projects do not wait for each other', async () => {
    const first = await world.begin(web('slow'));
    await reach('prepare');
    const other = await tell(await world.beginOther('other', web('v1', { routes: [] })));
    assert.equal(other.end.state, 'succeeded');
    assert.equal(world.store.lockHolder('shop')?.deployment, first.id);
    await tell(first);
  });
});

describe('cancelling', () => {
  test('before anything has changed says just that', async () => {
    await world.deploy(web('v1'));
    const before = world.machine.observe();
    const running = await world.begin(web('slow'));
    await reach('prepare');
    assert.equal(await world.engine.cancel('shop'), 'shop-2');
    assert.equal(await world.engine.cancel('shop'), 'shop-2');
    const begun = world.clock.now();
    const { end } = await tell(running);
    assert.deepEqual([end.state, end.code, end.reason?.code], ['cancelled', 1, 'CANCELLED_UNCHANGED']);
    assert.ok(world.clock.now() - begun < 5000);
    assert.deepEqual(world.machine.observe(), before);
    assert.equal(await world.engine.cancel('shop'), undefined);
  });

  test('later takes back what had changed', async () => {
    await world.deploy(web('v1'));
    const before = world.machine.observe();
    const running = await world.begin(web('lazy'));
    await reach('gate');
    await world.engine.cancel('shop');
    const { end } = await tell(running);
    assert.deepEqual([end.state, end.code, end.reason?.code], ['cancelled', 1, 'CANCELLED_UNDONE']);
    assert.deepEqual(world.machine.observe(), before);
    assert.deepEqual(world.serving('web'), ['web-r1-1']);
  });

  test('in the watch brings the old release back', async () => {
    await world.deploy(web('v1'));
    const running = await world.begin(web('v2'));
    await reach('observe');
    await world.engine.cancel('shop');
    assert.equal((await tell(running)).end.state, 'cancelled');
    assert.deepEqual(world.running, ['web-r1-1']);
  });

  test('while a recreate holds requests starts the old one again and lets them go on', async () => {
    const db = (code: string) => web(code, { strategy: { kind: 'recreate' } });
    await world.deploy(db('v1'));
    const running = await world.begin(db('lazy'));
    await reach('gate');
    await world.engine.cancel('shop');
    assert.equal((await tell(running)).end.state, 'cancelled');
    assert.deepEqual(world.serving('web'), ['web-r1-1']);
    assert.equal(world.machine.table.backends['shop/web:8000']?.held, undefined);
  });

  test('after the commit comes too late', async () => {
    await world.deploy(web('v1'));
    world.machine.behaviours = { v1: { ignoresStop: true } };
    const running = await world.begin(web('v2', { observe: { forMs: 0, errorRatio: 1, minRequests: 1 } }));
    await reach('drain');
    await world.engine.cancel('shop');
    assert.equal((await tell(running)).end.state, 'succeeded');
  });

  test('one that waits for its turn leaves the queue', async () => {
    const first = await world.begin(web('slow'));
    await reach('prepare');
    const second = await world.engine.deploy(request, { waitMs: 60_000, by: 'eva' });
    assert.equal(await world.engine.cancel('shop'), first.id);
    assert.equal((await tell(first)).end.state, 'cancelled');
    assert.equal((await tell(second)).end.state, 'succeeded');
  });
});

describe('a deployment that is followed', () => {
  test('tells everything from its first event on, also after it has ended, and after a restart of the daemon', async () => {
    const told = await world.deploy(web('v1'));
    const again = world.engine.deployment('shop-1');
    assert.ok(again);
    assert.deepEqual((await tell(again)).events, JSON.parse(JSON.stringify(told.events)));
    await world.replaceDaemon();
    const later = world.engine.deployment('shop-1');
    assert.ok(later);
    assert.equal((await tell(later)).events.length, told.events.length);
    assert.equal(world.engine.deployment('shop-99'), undefined);
  });

  test('goes on when the daemon was replaced in the middle of it', async () => {
    await world.deploy(web('v1'));
    await world.begin(web('lazy'));
    await reach('gate');
    await world.replaceDaemon();
    const followed = world.engine.deployment('shop-2');
    assert.ok(followed);
    const { end } = await tell(followed);
    assert.deepEqual([end.state, end.release], ['succeeded', 2]);
  });
});

describe('orders that cannot be meant', () => {
  test('are refused at once, each with its own code', async () => {
    const refused = async (work: () => Promise<unknown>, code: string) =>
      assert.rejects(work, (error) => hasCode(error, code as 'LOCKED'));
    await refused(() => world.engine.rollback('nowhere', undefined, byTest), 'PROJECT_UNKNOWN');
    await refused(() => world.engine.status('nowhere'), 'PROJECT_UNKNOWN');
    await world.deploy(web('v1'));
    await refused(() => world.engine.rollback('shop', undefined, byTest), 'NO_EARLIER_RELEASE');
    await refused(() => world.engine.rollback('shop', 7, byTest), 'RELEASE_UNKNOWN');
    await refused(() => world.engine.scale('shop', { nope: 2 }, byTest), 'SERVICE_UNKNOWN');
    await refused(() => world.engine.scale('shop', { web: -1 }, byTest), 'REPLICAS_INVALID');
    await refused(() => world.engine.restart('shop', ['nope'], byTest), 'SERVICE_UNKNOWN');
    await refused(() => world.engine.switchover('shop', byTest), 'NOTHING_WARM');
    await tell(await world.engine.down('shop', byTest));
    await refused(() => world.engine.scale('shop', { web: 2 }, byTest), 'PROJECT_STOPPED');
    await refused(() => world.engine.restart('shop', [], byTest), 'PROJECT_STOPPED');
  });
});

describe('rollback, scale and restart', () => {
  test('rollback goes to the newest good release before the one that serves, by number', async () => {
    for (const code of ['v1', 'v2', 'v3']) await world.deploy(web(code));
    assert.equal((await tell(await world.engine.rollback('shop', undefined, byTest))).end.release, 2);
    assert.equal((await tell(await world.engine.rollback('shop', undefined, byTest))).end.release, 1);
    await assert.rejects(world.engine.rollback('shop', undefined, byTest), (error) =>
      hasCode(error, 'NO_EARLIER_RELEASE'),
    );
    assert.equal((await tell(await world.engine.rollback('shop', 3, byTest))).end.release, 3);
    assert.equal((await world.deploy(web('v4'))).end.release, 4);
  });

  test('rollback restores all of a release, and uses no id twice', async () => {
    await world.deploy(web('v1', { environment: { A: '1' } }));
    await world.deploy(web('v1', { environment: { A: '2' }, routes: [hostRoute('web', 'new.test')] }));
    const told = await tell(await world.engine.rollback('shop', 1, byTest));
    assert.deepEqual(told.end.urls, ['http://shop.test/']);
    assert.deepEqual(world.running, ['web-r1-2']);
    const [process] = world.machine.processes.values();
    assert.deepEqual(process?.spec.spec.environment, { A: '1' });
  });

  test('scale keeps the instances that are there', async () => {
    await world.deploy(web('v1'));
    const [first] = world.machine.observe();
    await tell(await world.engine.scale('shop', { web: 3 }, byTest));
    assert.deepEqual(world.running, ['web-r1-1', 'web-r2-1', 'web-r2-2']);
    assert.deepEqual(world.machine.observe()[0], first);
    await tell(await world.engine.scale('shop', { web: 1 }, byTest));
    assert.deepEqual(world.running, ['web-r1-1']);
    await tell(await world.engine.scale('shop', { web: 0 }, byTest));
    assert.deepEqual(world.running, []);
    assert.equal((await world.engine.status('shop')).services[0]?.desired, 0);
    world.machine.failures.length = 0;
  });

  test('restart replaces every instance of the services by the same path, without a new release', async () => {
    await world.deploy(web('v1', { replicas: 2 }), makeSpec('api'));
    const told = await tell(await world.engine.restart('shop', ['web'], byTest));
    assert.deepEqual([told.end.state, told.end.release], ['succeeded', 1]);
    assert.deepEqual(world.running, ['api-r1-1', 'web-r1-3', 'web-r1-4']);
  });

  test('after down, a deployment of the same file brings the same release up', async () => {
    await world.deploy(web('v1'));
    await tell(await world.engine.down('shop', byTest));
    const told = await world.deploy(web('v1'));
    assert.deepEqual([told.end.state, told.end.release], ['succeeded', 1]);
    assert.deepEqual(world.running, ['web-r1-2']);
    assert.equal((await world.engine.status('shop')).state, 'healthy');
  });

  test('keeps the newest releases and what they are made from, and forgets the rest', async () => {
    await world.close();
    world = new FakeWorld({ keepReleases: 3 });
    for (const code of ['v1', 'v2', 'v3', 'v4', 'v5']) await world.deploy(web(code));
    assert.deepEqual(
      (await world.engine.releases('shop')).map((one) => one.number),
      [5, 4, 3],
    );
    assert.equal(world.machine.calls.at(-1), 'prune v3 v4 v5');
  });
});
