import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { type Given, hostRoute, makeSpec } from '../../test/support/specs.ts';
import { byTest, FakeWorld, type Told, tell } from '../../test/support/world/fake-world.ts';

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});
afterEach(async () => {
  await world.close();
  assert.deepEqual(world.machine.failures, [], 'what clients saw');
  assert.deepEqual(world.problems, [], 'what failed in the background');
});

const web = (code: string, given: Given = {}): ServiceSpec =>
  makeSpec('web', { code, replicas: 2, routes: [hostRoute('web', 'shop.test')], ...given });
const redis = makeSpec('redis', { strategy: { kind: 'recreate' } });

function ending(told: Told): string {
  return `${told.end.state} ${told.end.code}${told.end.reason === undefined ? '' : ` ${told.end.reason.code}`}`;
}

describe('a deployment', () => {
  test('brings a project up, and the second run changes nothing', async () => {
    assert.equal(ending(await world.deploy(web('v1'), redis)), 'succeeded 0');
    const before = world.machine.observe();
    const again = await world.deploy(web('v1'), redis);
    assert.equal(ending(again), 'succeeded 0');
    assert.deepEqual(again.steps, []);
    assert.equal(again.end.release, 1);
    assert.deepEqual(world.machine.observe(), before);
    assert.deepEqual(
      (await world.engine.releases('shop')).map((one) => one.number),
      [1],
    );
  });

  test('touches only what changed', async () => {
    await world.deploy(web('v1'), redis);
    const before = world.machine.observe('shop').find((one) => one.service === 'redis');
    await world.deploy(web('v2'), redis);
    assert.deepEqual(
      world.machine.observe('shop').find((one) => one.service === 'redis'),
      before,
    );
    assert.deepEqual(world.running, ['redis-r1-1', 'web-r2-1', 'web-r2-2']);
    assert.deepEqual(world.serving('web'), ['web-r2-1', 'web-r2-2']);
  });

  test('prepares everything before it touches anything', async () => {
    world.machine.behaviours = { v2: { prepareFails: true }, v1: { prepareMs: 500 } };
    await world.deploy(web('v1'));
    const calls = [...world.machine.calls];
    const told = await world.deploy(web('v2'), makeSpec('api', { code: 'v1' }));
    assert.equal(ending(told), 'failed 1 STEP_FAILED');
    assert.deepEqual(
      world.machine.calls.slice(calls.length).filter((call) => !call.startsWith('prepare')),
      [],
    );
    assert.equal((await world.engine.status('shop')).release, 1);
  });

  test('of a release that never gets ready leaves the old one as it was, and shows why', async () => {
    world.machine.behaviours = { v2: { readyMs: undefined } };
    await world.deploy(web('v1'));
    const before = world.machine.observe();
    const told = await world.deploy(web('v2'));
    assert.equal(ending(told), 'rolled-back 5 GATE_TIMED_OUT');
    assert.deepEqual(world.machine.observe(), before);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    assert.equal(told.end.evidence?.instance, 'web-r2-1');
    assert.equal(told.end.evidence?.lastProbe?.code, 'PROBE_UNREACHABLE');
    assert.deepEqual(told.end.evidence?.logs, ['web-r2-1 begins']);
    assert.match(say(told.end.reason ?? { code: 'LOCKED', facts: {} }, 'en'), /web-r2-1 was not ready within 14 s/);
    assert.equal((await world.engine.status('shop')).release, 1);
  });

  test('of a release that ends at once tries it a few times, then goes back', async () => {
    world.machine.behaviours = { v2: { endsMs: 20, endCode: 7, readyMs: 50 } };
    await world.deploy(web('v1'));
    const told = await world.deploy(web('v2'));
    assert.equal(ending(told), 'rolled-back 5 INSTANCE_ENDED');
    assert.equal(told.end.reason?.facts.code, 7);
    assert.equal(told.end.reason?.facts.times, 4);
  });

  test('waits for an application that ends until its database answers', async () => {
    world.machine.behaviours = { v1: { endsMs: 20, endsTimes: 2, readyMs: 50 } };
    assert.equal(ending(await world.deploy(web('v1'))), 'succeeded 0');
  });

  test('of a first release that fails leaves nothing behind', async () => {
    world.machine.behaviours = { v1: { readyMs: undefined } };
    const told = await world.deploy(web('v1'));
    assert.equal(ending(told), 'failed 1 GATE_TIMED_OUT');
    assert.deepEqual(world.machine.observe(), []);
    assert.deepEqual(world.machine.table, { backends: {}, listeners: [], routes: [] });
    assert.ok(world.machine.calls.includes('remove-project'));
    const status = await world.engine.status('shop');
    assert.deepEqual([status.state, status.release, status.lastDeployment?.state], ['down', undefined, 'failed']);
  });

  test('goes back when the new release crashes in the watch, and the old one is as it was', async () => {
    world.machine.behaviours = { v2: { endsMs: 2500 } };
    await world.deploy(web('v1'));
    const before = world.machine.observe();
    const told = await world.deploy(web('v2'));
    assert.equal(ending(told), 'rolled-back 5 OBSERVED_ENDED');
    assert.deepEqual(world.machine.observe(), before);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('goes back when the new release turns unhealthy in the watch', async () => {
    world.machine.behaviours = { v2: { illMs: 1500 } };
    await world.deploy(web('v1', { replicas: 1 }));
    const told = await world.deploy(web('v2', { replicas: 1 }));
    assert.equal(ending(told), 'rolled-back 5 OBSERVED_UNHEALTHY');
    assert.deepEqual(world.serving('web'), ['web-r1-1']);
  });

  test('goes back when the new release answers too many errors', async () => {
    world.machine.behaviours = { v2: { errorShare: 0.5 } };
    await world.deploy(web('v1'));
    const told = await world.deploy(web('v2'));
    assert.equal(ending(told), 'rolled-back 5 OBSERVED_ERRORS');
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('lets requests in flight finish before it stops anything', async () => {
    world.machine.behaviours = { v1: { requestMs: 8000 } };
    await world.deploy(web('v1'));
    const begun = world.clock.now();
    await world.deploy(web('v2', { observe: { forMs: 0, errorRatio: 1, minRequests: 1 } }));
    assert.ok(world.clock.now() - begun >= 8000);
    assert.deepEqual(world.running, ['web-r2-1', 'web-r2-2']);
  });

  test('does not wait for requests longer than the grace', async () => {
    world.machine.behaviours = { v1: { requestMs: 600_000 } };
    await world.deploy(web('v1', { stopGraceMs: 3000 }));
    const begun = world.clock.now();
    await world.deploy(web('v2', { stopGraceMs: 3000, observe: { forMs: 0, errorRatio: 1, minRequests: 1 } }));
    assert.ok(world.clock.now() - begun < 4500);
  });

  test('says so when an instance ignores its stop signal', async () => {
    world.machine.behaviours = { v1: { ignoresStop: true } };
    await world.deploy(web('v1'));
    const told = await world.deploy(web('v2'));
    const texts = told.events.flatMap((event) => (event.event === 'step-progress' ? [event.text.code] : []));
    assert.ok(texts.includes('PROGRESS_KILLED'));
    assert.equal(ending(told), 'succeeded 0');
  });

  test('takes services away that the file has no more, dependents first', async () => {
    const api = makeSpec('api', { dependsOn: { redis: { condition: 'service_started' } } });
    await world.deploy(web('v1'), redis, api);
    const told = await world.deploy(web('v1'));
    assert.equal(ending(told), 'succeeded 0');
    assert.deepEqual(world.running, ['web-r1-1', 'web-r1-2']);
    const stops = world.machine.calls.filter((call) => call.startsWith('stop'));
    assert.deepEqual(stops, ['stop api-r1-1', 'stop redis-r1-1']);
    assert.deepEqual(Object.keys(world.machine.table.backends), ['shop/web:8000']);
  });

  test('moves a service to another port without a gap', async () => {
    await world.deploy(web('v1'));
    const told = await world.deploy(
      web('v2', {
        port: 9000,
        routes: [hostRoute('web', 'shop.test', 9000)],
        probe: { ...redis.probe, kind: 'tcp', port: 9000 },
      }),
    );
    assert.equal(ending(told), 'succeeded 0');
    assert.deepEqual(world.serving('web', 9000), ['web-r2-1', 'web-r2-2']);
    assert.deepEqual(Object.keys(world.machine.table.backends), ['shop/web:9000']);
  });

  test('changes routes without touching an instance', async () => {
    await world.deploy(web('v1'));
    const before = world.machine.observe();
    const told = await world.deploy(web('v1', { routes: [hostRoute('web', 'other.test')] }));
    assert.equal(ending(told), 'succeeded 0');
    assert.deepEqual(world.machine.observe(), before);
    assert.equal(told.end.release, 2);
    assert.deepEqual(told.end.urls, ['http://other.test/']);
  });
});

describe('strategies', () => {
  test('recreate never runs two at once, holds requests, and starts the old one again when the new one fails', async () => {
    world.machine.behaviours = { v3: { readyMs: undefined }, v2: { readyMs: 700 } };
    const db = (code: string) =>
      makeSpec('db', { code, strategy: { kind: 'recreate' }, routes: [hostRoute('db', 'db.test')] });
    await world.deploy(db('v1'));
    assert.equal(ending(await world.deploy(db('v2'))), 'succeeded 0');
    const told = await world.deploy(db('v3'));
    assert.equal(ending(told), 'rolled-back 5 GATE_TIMED_OUT');
    assert.deepEqual(world.running, ['db-r2-1']);
    assert.deepEqual(world.serving('db'), ['db-r2-1']);
    assert.equal(world.machine.table.backends['shop/db:8000']?.held, undefined);
    const order = world.machine.calls.filter((call) => /^(start|stop|restart)/.test(call));
    assert.deepEqual(order, [
      'start db-r1-1',
      'stop db-r1-1',
      'start db-r2-1',
      'stop db-r2-1',
      'start db-r3-1',
      'stop db-r3-1',
      'restart db-r2-1',
    ]);
  });

  test('blue-green keeps the old set warm, goes back at once, and forward again', async () => {
    world.machine.behaviours = { v2: { readyMs: 3000 } };
    const green = (code: string) => web(code, { strategy: { kind: 'blue-green', warmMs: 600_000 } });
    await world.deploy(green('v1'));
    await world.deploy(green('v2'));
    assert.deepEqual(world.running, ['web-r1-1', 'web-r1-2', 'web-r2-1', 'web-r2-2']);
    assert.equal((await world.engine.status('shop')).warm?.release, 1);
    const pids = world.machine.observe().map((one) => one.pid);
    const begun = world.clock.now();
    const back = await tell(await world.engine.rollback('shop', undefined, byTest));
    assert.equal(back.end.release, 1);
    const switched = back.events.find((event) => event.event === 'switched');
    assert.ok((switched?.time ?? Number.POSITIVE_INFINITY) - begun < 100);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    const forth = await tell(await world.engine.switchover('shop', byTest));
    assert.equal(forth.end.release, 2);
    assert.deepEqual(world.serving('web'), ['web-r2-1', 'web-r2-2']);
    assert.deepEqual(
      world.machine.observe().map((one) => one.pid),
      pids,
    );
  });

  test('a warm set is stopped when its time is over', async () => {
    const green = (code: string) => web(code, { strategy: { kind: 'blue-green', warmMs: 60_000 } });
    await world.deploy(green('v1'));
    await world.deploy(green('v2'));
    await world.clock.wait(61_000);
    assert.deepEqual(world.running, ['web-r2-1', 'web-r2-2']);
    assert.equal((await world.engine.status('shop')).warm, undefined);
    const back = await tell(await world.engine.rollback('shop', 1, byTest));
    assert.equal(ending(back), 'succeeded 0');
    assert.deepEqual(world.serving('web'), ['web-r1-3', 'web-r1-4']);
  });

  test('rolling replaces in batches, with a pause between them', async () => {
    const rolling = (code: string) =>
      web(code, {
        replicas: 4,
        strategy: { ...(redis.strategy as object), ...rollingBy(2, 3000) },
      });
    await world.deploy(rolling('v1'));
    const begun = world.clock.now();
    const told = await world.deploy(rolling('v2'));
    assert.equal(ending(told), 'succeeded 0');
    assert.ok(world.clock.now() - begun >= 3000);
    assert.deepEqual(world.serving('web').length, 4);
  });

  test('rolling with failure_action pause keeps what has moved and says so', async () => {
    world.machine.behaviours = { 'web v2': {} };
    await world.deploy(web('v1', { strategy: { ...rollingBy(1, 0), failureAction: 'pause' } }));
    const starts: string[] = [];
    const { machine } = world;
    const original = machine.behaviourOf.bind(machine);
    machine.behaviourOf = (spec) => {
      starts.push(spec.id);
      return spec.id === 'web-r2-2' ? { readyMs: undefined } : original(spec);
    };
    const told = await world.deploy(web('v2', { strategy: { ...rollingBy(1, 0), failureAction: 'pause' } }));
    assert.equal(ending(told), 'failed 1 GATE_TIMED_OUT');
    assert.deepEqual(world.serving('web').toSorted(), ['web-r1-2', 'web-r2-1']);
    const status = await world.engine.status('shop');
    assert.deepEqual(
      status.warnings.map((one) => one.code),
      ['WARN_PAUSED'],
    );
    machine.behaviourOf = original;
    assert.equal(ending(await tell(await world.engine.rollback('shop', 1, byTest))), 'succeeded 0');
    assert.equal(
      world.serving('web').every((id) => id.startsWith('web-r1-')),
      true,
    );
  });

  test('max_failure_ratio lets so many fail, but not all', async () => {
    const half = { ...rollingBy(0, 0), maxFailureRatio: 0.5 };
    await world.deploy(web('v1', { strategy: half }));
    const { machine } = world;
    machine.behaviourOf = (spec) => (spec.id === 'web-r2-1' ? { readyMs: undefined } : {});
    const told = await world.deploy(web('v2', { strategy: half }));
    assert.equal(ending(told), 'succeeded 0');
    assert.deepEqual(world.serving('web'), ['web-r2-2']);
    machine.behaviourOf = () => ({ readyMs: undefined });
    assert.equal(ending(await world.deploy(web('v3', { strategy: half }))), 'rolled-back 5 GATE_TIMED_OUT');
    assert.deepEqual(world.serving('web'), ['web-r2-2']);
  });

  test('stop-first frees the place first and holds requests only while nobody serves', async () => {
    world.machine.behaviours = { v2: { readyMs: 500 } };
    const one = (code: string) => web(code, { replicas: 1, strategy: { ...rollingBy(1, 0), order: 'stop-first' } });
    await world.deploy(one('v1'));
    assert.equal(ending(await world.deploy(one('v2'))), 'succeeded 0');
    const order = world.machine.calls.filter((call) => /^(start|stop)/.test(call));
    assert.deepEqual(order, ['start web-r1-1', 'stop web-r1-1', 'start web-r2-1']);
  });
});

function rollingBy(parallelism: number, delayMs: number) {
  return {
    kind: 'rolling',
    parallelism,
    delayMs,
    order: 'start-first',
    failureAction: 'rollback',
    monitorMs: 0,
    maxFailureRatio: 0,
  } as const;
}

describe('release commands and one-shots', () => {
  const command = { command: ['migrate'], timeoutMs: 60_000 };

  test('a release command runs once per release, before traffic, and not on rollback, restart or scale', async () => {
    await world.deploy(web('v1', { releaseCommand: command }));
    await world.deploy(web('v2', { releaseCommand: command }));
    await tell(await world.engine.restart('shop', [], byTest));
    await tell(await world.engine.scale('shop', { web: 3 }, byTest));
    await tell(await world.engine.rollback('shop', 1, byTest));
    assert.deepEqual(world.machine.releaseCommands, ['web-r1-release migrate', 'web-r2-release migrate']);
  });

  test('a release command that fails keeps the old release', async () => {
    await world.deploy(web('v1', { releaseCommand: command }));
    world.machine.behaviours = { v2: { releaseCommandCode: 3 } };
    const told = await world.deploy(web('v2', { releaseCommand: command }));
    assert.equal(ending(told), 'rolled-back 5 RELEASE_COMMAND_FAILED');
    assert.deepEqual(told.end.evidence?.logs, ['migrated']);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('a one-shot runs to its end before its dependents, once for what it is made of', async () => {
    world.machine.behaviours = { m1: { endsMs: 400, endCode: 0 }, m2: { endsMs: 400, endCode: 0 } };
    const migrate = (code: string) => makeSpec('migrate', { code, port: undefined, oneShot: true });
    const app = (code: string) =>
      web(code, { dependsOn: { migrate: { condition: 'service_completed_successfully' } } });
    await world.deploy(migrate('m1'), app('v1'));
    await world.deploy(migrate('m1'), app('v2'));
    await world.deploy(migrate('m2'), app('v3'));
    const starts = world.machine.calls.filter((call) => call.startsWith('start migrate'));
    assert.deepEqual(starts, ['start migrate-r1-1', 'start migrate-r3-1']);
    const status = await world.engine.status('shop');
    assert.equal(status.state, 'healthy');
    assert.deepEqual(
      status.services.find((one) => one.name === 'migrate')?.instances.map((one) => [one.id, one.state]),
      [['migrate-r3-1', 'completed']],
    );
  });

  test('a one-shot that fails fails the deployment', async () => {
    world.machine.behaviours = { m1: { endsMs: 400, endCode: 4 } };
    const told = await world.deploy(makeSpec('migrate', { code: 'm1', port: undefined, oneShot: true }), web('v1'));
    assert.equal(ending(told), 'failed 1 INSTANCE_ENDED');
    // Nothing served before, so nobody was promised that what answered for a moment would go on to.
    world.machine.failures.length = 0;
  });
});
