import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
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
  assert.deepEqual(world.problems, [], 'what failed in the background');
});

const web = (given: Given = {}): ServiceSpec =>
  makeSpec('web', { replicas: 2, routes: [hostRoute('web', 'shop.test')], ...given });

async function statesOf(project = 'shop'): Promise<Record<string, string>> {
  const { services } = await world.engine.status(project);
  return Object.fromEntries(services.flatMap((one) => one.instances.map((each) => [each.id, each.state])));
}

describe('a crashed instance', () => {
  test('leaves the rotation at once and comes back when it is ready', async () => {
    world.machine.behaviours = { v1: { readyMs: 400 } };
    await world.deploy(web());
    const pid = world.machine.observe()[0]?.pid;
    world.machine.crash('web-r1-1');
    await world.clock.wait(1);
    assert.deepEqual(world.serving('web'), ['web-r1-2']);
    await world.clock.wait(300);
    assert.deepEqual(world.serving('web'), ['web-r1-2'], 'started, but not ready yet');
    await world.clock.wait(500);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    const restarted = world.machine.observe().find((one) => one.id === 'web-r1-1');
    assert.equal(restarted?.restarts, 1);
    assert.notEqual(restarted?.pid, pid);
  });

  test('is started again after pauses that double, and quickly again once it was well for a while', async () => {
    world.machine.behaviours = { v1: { endsMs: 1000, endsTimes: 4 } };
    const starts: number[] = [];
    const { machine } = world;
    const spawn = machine.spawn.bind(machine);
    machine.spawn = (spec, previous) => {
      starts.push(world.clock.now());
      return spawn(spec, previous);
    };
    await world.deploy(makeSpec('worker', { port: undefined, probe: { ...runningProbe(10) } }));
    await world.clock.wait(60_000);
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0) - 1000);
    assert.deepEqual(pauses, [100, 200, 400, 800]);
    machine.crash('worker-r1-1');
    const crashed = world.clock.now();
    await world.clock.wait(5000);
    assert.equal((starts.at(-1) ?? 0) - crashed, 100);
  });

  test('stays down when its policy says so, and status says that', async () => {
    await world.deploy(web({ restart: { condition: 'none', delayMs: 0, maxAttempts: undefined, windowMs: 0 } }));
    world.machine.crash('web-r1-1');
    await world.clock.wait(60_000);
    assert.deepEqual(await statesOf(), { 'web-r1-1': 'exited', 'web-r1-2': 'healthy' });
    const status = await world.engine.status('shop');
    assert.equal(status.state, 'degraded');
    assert.deepEqual(
      status.warnings.map((one) => one.code),
      ['WARN_GAVE_UP'],
    );
  });

  test('is tried only as often as max_attempts allows', async () => {
    world.machine.behaviours = { v1: { endsMs: 500 } };
    const restart = { condition: 'any', delayMs: 0, maxAttempts: 3, windowMs: 0 } as const;
    await world.deploy(makeSpec('worker', { port: undefined, restart, probe: { ...runningProbe(10) } }));
    await world.clock.wait(120_000);
    assert.equal(world.machine.observe()[0]?.restarts, 3);
  });

  test('is not restarted while a deployment replaces it', async () => {
    world.machine.behaviours = { v2: { readyMs: 500 } };
    const db = (code: string) => makeSpec('db', { code, strategy: { kind: 'recreate' } });
    await world.deploy(db('v1'));
    await world.deploy(db('v2'));
    assert.equal(
      world.machine.calls.some((call) => call.startsWith('restart')),
      false,
    );
  });
});

describe('an unhealthy instance', () => {
  test('leaves the rotation and comes back when it is well, without a restart', async () => {
    await world.deploy(web());
    const { machine } = world;
    const isReady = machine.isReady.bind(machine);
    let ill = true;
    machine.isReady = (process) => (process.spec.id === 'web-r1-1' && ill ? false : isReady(process));
    await world.clock.wait(1500);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2'], 'one bad answer is not enough');
    await world.clock.wait(2500);
    assert.deepEqual(world.serving('web'), ['web-r1-2']);
    assert.deepEqual(await statesOf(), { 'web-r1-1': 'unhealthy', 'web-r1-2': 'healthy' });
    ill = false;
    await world.clock.wait(1500);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('keeps its requests when all are: a proxy without servers answers nothing', async () => {
    await world.deploy(web());
    world.machine.isReady = () => false;
    await world.clock.wait(10_000);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    assert.equal((await world.engine.status('shop')).state, 'down');
  });
});

describe('after a restart', () => {
  test('of the daemon everything is adopted as it is, and supervised again', async () => {
    await world.deploy(web());
    const before = world.machine.observe();
    await world.replaceDaemon();
    assert.deepEqual(world.machine.observe(), before);
    assert.equal((await world.engine.status('shop')).state, 'healthy');
    world.machine.crash('web-r1-2');
    await world.clock.wait(500);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('of the daemon, what it had taken out of the rotation stays out until it is well', async () => {
    await world.deploy(web());
    const { machine } = world;
    const isReady = machine.isReady.bind(machine);
    let ill = true;
    machine.isReady = (process) => (process.spec.id === 'web-r1-1' && ill ? false : isReady(process));
    await world.clock.wait(4000);
    const tables: string[][] = [];
    const carry = machine.carry.bind(machine);
    machine.carry = (table) => {
      carry(table);
      tables.push(world.serving('web'));
    };
    await world.replaceDaemon();
    await world.clock.wait(2000);
    assert.ok(tables.length > 0 && tables.every((serving) => serving.join() === 'web-r1-2'), JSON.stringify(tables));
    ill = false;
    await world.clock.wait(1500);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('of the daemon, an instance that died meanwhile is brought back', async () => {
    await world.deploy(web());
    world.life.die();
    world.machine.crash('web-r1-2');
    await world.replaceDaemon();
    await world.clock.wait(500);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
  });

  test('of the machine everything comes back, dependencies first, within seconds', async () => {
    world.machine.behaviours = { v1: { readyMs: 800 } };
    const db = makeSpec('db', { strategy: { kind: 'recreate' } });
    const dependsOn = { db: { condition: 'service_healthy' } } as const;
    await world.deploy(web({ dependsOn }), db);
    world.life.die();
    world.machine.reboot();
    const begun = world.clock.now();
    await world.replaceDaemon();
    await world.clock.wait(3000);
    assert.equal((await world.engine.status('shop')).state, 'healthy');
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    const startOf = (id: string) => world.machine.processes.get(`shop/${id}`)?.startedAt ?? 0;
    assert.ok(startOf('web-r1-1') >= startOf('db-r1-1') + 800);
    assert.ok(startOf('web-r1-1') - begun < 1500);
  });

  test('of the machine, an instance whose records are lost is made anew', async () => {
    await world.deploy(web());
    world.life.die();
    world.machine.processes.delete('shop/web-r1-2');
    await world.replaceDaemon();
    await world.clock.wait(500);
    assert.deepEqual(world.serving('web').toSorted(), ['web-r1-1', 'web-r1-2']);
  });

  test('a project that was taken down stays down', async () => {
    await world.deploy(web());
    await tell(await world.engine.down('shop', byTest));
    await world.replaceDaemon();
    await world.clock.wait(5000);
    assert.deepEqual(world.running, []);
    assert.equal((await world.engine.status('shop')).state, 'stopped');
  });

  test('a one-shot that has run does not run again', async () => {
    world.machine.behaviours = { m1: { endsMs: 100, endCode: 0 } };
    await world.deploy(makeSpec('migrate', { code: 'm1', port: undefined, oneShot: true }), web());
    await world.replaceDaemon();
    await world.clock.wait(5000);
    assert.equal(world.machine.observe().find((one) => one.service === 'migrate')?.restarts, 0);
  });

  test('the time of a warm release goes on', async () => {
    const green = (code: string) => web({ code, strategy: { kind: 'blue-green', warmMs: 60_000 } });
    await world.deploy(green('v1'));
    await world.deploy(green('v2'));
    await world.clock.wait(20_000);
    await world.replaceDaemon();
    assert.equal((await world.engine.status('shop')).warm?.release, 1);
    await world.clock.wait(41_000);
    assert.deepEqual(world.running, ['web-r2-1', 'web-r2-2']);
  });

  test('what a lost daemon left behind is removed, what it does not know is left alone', async () => {
    await world.deploy(web());
    const known = world.machine.processes.get('shop/web-r1-1');
    if (known === undefined) throw new Error('no web-r1-1');
    world.machine.spawn({ ...known.spec, id: 'web-r9-1' });
    world.machine.spawn({ ...known.spec, project: 'other', id: 'web-r1-1' });
    await world.replaceDaemon();
    await world.clock.wait(1000);
    assert.deepEqual(
      world.machine.observe().map((one) => `${one.project}/${one.id}`),
      ['shop/web-r1-1', 'shop/web-r1-2', 'other/web-r1-1'],
    );
  });
});

describe('an old instance that crashes while a deployment goes on', () => {
  const slow = { forMs: 1000, errorRatio: 1, minRequests: 1000 };

  test('is started again, and the deployment goes on', async () => {
    world.machine.behaviours = { v2: { readyMs: 3000 } };
    await world.deploy(web({ observe: slow }));
    const running = await world.begin(web({ code: 'v2', observe: slow }));
    await world.clock.wait(1000);
    world.machine.crash('web-r1-2');
    await world.clock.wait(1000);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    assert.equal((await tell(running)).end.state, 'succeeded');
    assert.deepEqual(world.running, ['web-r2-1', 'web-r2-2']);
  });

  test('is started again also when the daemon was replaced meanwhile', async () => {
    world.machine.behaviours = { v2: { readyMs: 3000 } };
    await world.deploy(web({ observe: slow }));
    await world.begin(web({ code: 'v2', observe: slow }));
    await world.clock.wait(1000);
    await world.replaceDaemon();
    world.machine.crash('web-r1-2');
    await world.clock.wait(1000);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2']);
    const followed = world.engine.deployment('shop-2');
    assert.equal(followed && (await tell(followed)).end.state, 'succeeded');
  });
});

describe('the proxy', () => {
  test('is made to follow when it would not at first', async () => {
    world.machine.behaviours = { v1: { readyMs: 2000 } };
    await world.deploy(web());
    const { machine } = world;
    const carry = machine.carry.bind(machine);
    let failures = 2;
    machine.carry = (table) => {
      if (failures-- > 0) throw new Error('busy');
      carry(table);
    };
    machine.crash('web-r1-1');
    await world.clock.wait(20);
    assert.deepEqual(world.serving('web'), ['web-r1-1', 'web-r1-2'], 'it has not followed yet');
    await world.clock.wait(1000);
    assert.deepEqual(world.serving('web'), ['web-r1-2']);
    world.problems.length = 0;
  });

  test('is started again with everything it carried when it dies', async () => {
    await world.deploy(web());
    const { table } = world.machine;
    world.machine.killProxy();
    world.machine.table = { backends: {}, listeners: [], routes: [] };
    await world.clock.wait(200);
    assert.equal(world.machine.proxyRuns, true);
    assert.deepEqual(world.machine.table, table);
  });
});

function runningProbe(forMs: number) {
  return {
    kind: 'running',
    forMs,
    intervalMs: 1000,
    timeoutMs: 1000,
    retries: 3,
    startPeriodMs: 5000,
    startIntervalMs: 50,
  } as const;
}
