import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SteeringOrder } from '#model/journal.ts';
import type { Strategy } from '#model/spec.ts';
import { canaryStrategy, hostRoute, makeSpec } from '../../../test/support/specs.ts';
import { silentAddress } from '../../../test/support/world/fake-runtime.ts';
import { FakeWorld, type Told, tell } from '../../../test/support/world/fake-world.ts';

const old = ['web-r1-1', 'web-r1-2'];
const young = ['web-r2-1', 'web-r2-2'];

function web(code: string, strategy: Strategy = canaryStrategy()) {
  const observe = { forMs: 0, errorRatio: 0.5, minRequests: 20 };
  return makeSpec('web', { code, replicas: 2, strategy, observe, routes: [hostRoute('web', 'shop.test')] });
}

/** A world in which `v1` serves and `v2` comes as a canary by `strategy`. */
async function withCanary(
  strategy: Strategy,
  behaviour: FakeWorld['machine']['behaviours'][string],
  work: (world: FakeWorld, told: Promise<Told>) => Promise<void>,
): Promise<void> {
  const world = new FakeWorld();
  try {
    world.machine.behaviours = { v1: { requestMs: 20 }, v2: behaviour ?? {} };
    assert.equal((await world.deploy(web('v1', strategy))).end.state, 'succeeded');
    const running = await world.begin(web('v2', strategy));
    await work(world, tell(running));
    assert.deepEqual(world.machine.failures, []);
    assert.deepEqual(world.problems, []);
  } finally {
    await world.close();
  }
}

const forever = canaryStrategy({
  steps: [
    { percent: 10, pause: 'promoted' },
    { percent: 50, pause: 'promoted' },
    { percent: 100, pause: 0 },
  ],
});

function steer(world: FakeWorld, order: SteeringOrder): Promise<string> {
  return world.engine.steer('shop', order, 'ana');
}

/** Waits, in the world's time, until the canary is seen as the test says. */
async function seen(world: FakeWorld, percent: number, state: 'judging' | 'waiting' | 'paused'): Promise<void> {
  for (let asked = 0; asked < 600; asked += 1) {
    const { canaries = [] } = await world.engine.status('shop');
    if (canaries[0]?.percent === percent && canaries[0].state === state) return;
    await world.clock.wait(100);
  }
  assert.fail(`no canary ${state} at ${percent} %`);
}

/** The weights of all that take requests. */
function weights(world: FakeWorld): Record<string, number> {
  const servers = world.machine.table.backends['shop/web:8000']?.servers ?? [];
  return Object.fromEntries(servers.filter((one) => one.state === 'ready').map((one) => [one.id, one.weight]));
}

describe('a canary', () => {
  test('that is good gets every share, then everything', async () => {
    await withCanary(canaryStrategy(), { requestMs: 20 }, async (world, told) => {
      const { end, steps, events } = await told;
      assert.deepEqual([end.state, end.code], ['succeeded', 0]);
      const judged = steps.filter((step) => /^(route|analyse|start):web/.test(step));
      assert.deepEqual(judged, [
        ...['start:web-r2-1', 'route:web:1', 'analyse:web:1', 'route:web:2', 'analyse:web:2'],
        ...['start:web-r2-2', 'route:web:3'],
      ]);
      assert.deepEqual(world.serving('web').toSorted(), young);
      assert.deepEqual(world.running.toSorted(), young);
      assert.ok(events.some((event) => event.event === 'canary' && event.canary.verdict === 'pass'));
      assert.equal((await world.engine.status('shop')).canaries, undefined);
    });
  });

  test('that answers 500 goes back within an interval, its requests first', async () => {
    await withCanary(canaryStrategy(), { errorShare: 0.2 }, async (world, told) => {
      const { end, events } = await told;
      assert.deepEqual([end.state, end.code, end.reason?.code], ['rolled-back', 5, 'CANARY_WORSE']);
      assert.ok(end.evidence?.analysis?.some((one) => one.verdict === 'fail'));
      const back = events.findIndex((event) => event.event === 'undo-done' && event.step === 'undo:route:web:1');
      const stopped = events.findIndex((event) => event.event === 'undo-started' && event.step.includes('start:web'));
      assert.ok(back >= 0 && stopped > back, 'an instance went before its requests did');
      assert.deepEqual(world.serving('web').toSorted(), old);
      assert.deepEqual(world.running.toSorted(), old);
    });
  });

  test('that is slower than its bound beside the old one goes back', async () => {
    const strategy = canaryStrategy({
      analysis: { ...canaryStrategy().analysis, thresholds: [{ measure: 'p95', timesStable: 2 }] },
    });
    await withCanary(strategy, { requestMs: 60 }, async (_world, told) => {
      const { end } = await told;
      assert.deepEqual([end.code, end.reason?.facts.measure, end.reason?.facts.limit], [5, 'p95', 40]);
    });
  });

  // Whoever is asked here answers 200 with "ok".
  for (const [what, check, state, reason] of [
    ['is content', { url: '/self', demand: { equals: 'ok' } }, 'succeeded', undefined],
    ['is not content', { url: '/self', demand: { equals: 'fine' } }, 'rolled-back', 'CANARY_CHECK_FAILED'],
    ['says nothing', { url: 'http://127.9.9.9:9/', demand: {} }, 'rolled-back', 'CANARY_CHECK_SILENT'],
  ] as const) {
    test(`of which a check ${what}`, async () => {
      const checks = [{ kind: 'http', status: [], ...check }] as const;
      const strategy = canaryStrategy({ analysis: { ...canaryStrategy().analysis, checks } });
      await withCanary(strategy, {}, async (_world, told) => {
        const { end } = await told;
        assert.deepEqual(
          [end.state, end.reason?.code, end.reason?.facts.asked],
          [...[state, reason], reason === undefined ? undefined : check.url],
        );
      });
    });
  }

  test('that ends while a check is slow to answer goes back at once', async () => {
    const checks = [{ kind: 'http', status: [], url: `http://${silentAddress}/`, demand: {} }] as const;
    const strategy = canaryStrategy({ analysis: { ...canaryStrategy().analysis, intervalMs: 1000, checks } });
    await withCanary(strategy, { endsMs: 4000 }, async (world, told) => {
      const { end, events } = await told;
      assert.deepEqual([end.code, end.reason?.code], [5, 'OBSERVED_ENDED']);
      const failed = events.find((event) => event.event === 'step-failed') ?? assert.fail();
      const ended = world.machine.lines.find((one) => one.text === 'web-r2-1 ends')?.time ?? assert.fail();
      assert.ok(failed.time - ended <= 100, `after ${failed.time - ended} ms`);
    });
  });

  for (const [action, state] of [
    ['fail', 'rolled-back'],
    ['promote', 'succeeded'],
  ] as const) {
    test(`with too little to judge by, and inconclusive: ${action}`, async () => {
      const { analysis } = canaryStrategy();
      const strategy = canaryStrategy({
        analysis: { ...analysis, minRequests: 1_000_000, inconclusive: { forMs: 3000, action } },
      });
      await withCanary(strategy, {}, async (_world, told) => {
        const { end } = await told;
        assert.deepEqual([end.state, end.reason?.code], [state, action === 'fail' ? 'CANARY_INCONCLUSIVE' : undefined]);
      });
    });
  }

  test('that nobody watched for an hour is looked at before it gets more', async () => {
    const { analysis } = canaryStrategy();
    const strategy = canaryStrategy({
      analysis: { ...analysis, minRequests: 1_000_000, inconclusive: { forMs: 5000, action: 'promote' } },
    });
    await withCanary(strategy, {}, async (world) => {
      await seen(world, 10, 'judging');
      world.life.die();
      await world.clock.wait(3_600_000);
      await world.replaceDaemon();
      await world.clock.wait(4000);
      await seen(world, 10, 'judging');
      await seen(world, 50, 'judging');
      const id = world.store.lastDeployment('shop')?.id ?? '';
      assert.equal((await tell(world.engine.deployment(id) ?? assert.fail())).end.state, 'succeeded');
    });
  });

  test('with too little to judge by waits for somebody, where that was asked for', async () => {
    const { analysis } = canaryStrategy();
    const strategy = canaryStrategy({
      analysis: { ...analysis, minRequests: 1_000_000, inconclusive: { forMs: 1000, action: 'pause' } },
    });
    await withCanary(strategy, {}, async (world, told) => {
      await seen(world, 10, 'waiting');
      await steer(world, 'promote-full');
      assert.equal((await told).end.state, 'succeeded');
    });
  });
});

describe('people steer a canary', () => {
  test('promote goes from share to share', async () => {
    await withCanary(forever, {}, async (world, told) => {
      await seen(world, 10, 'waiting');
      const { 'web-r2-1': share = 0, ...others } = weights(world);
      const whole = Object.values(others).reduce((sum, one) => sum + one, share);
      assert.ok(Math.abs(share / whole - 0.1) < 0.002, JSON.stringify(weights(world)));
      await steer(world, 'promote');
      await seen(world, 50, 'waiting');
      await steer(world, 'promote');
      assert.equal((await told).end.state, 'succeeded');
      assert.deepEqual(world.serving('web').toSorted(), young);
    });
  });

  test('pause stops the clock until resume, also over a death of the daemon', async () => {
    const long = canaryStrategy({
      steps: [
        { percent: 10, pause: 5000 },
        { percent: 100, pause: 0 },
      ],
    });
    await withCanary(long, {}, async (world) => {
      await seen(world, 10, 'judging');
      await steer(world, 'pause');
      await seen(world, 10, 'paused');
      await world.clock.wait(20_000);
      await world.replaceDaemon();
      await seen(world, 10, 'paused');
      await world.clock.wait(20_000);
      await seen(world, 10, 'paused');
      await steer(world, 'resume');
      const id = world.store.lastDeployment('shop')?.id ?? '';
      const told = await tell(world.engine.deployment(id) ?? assert.fail());
      assert.equal(told.end.state, 'succeeded');
    });
  });

  test('abort brings the old release back and says who', async () => {
    await withCanary(forever, {}, async (world, told) => {
      await seen(world, 10, 'waiting');
      await steer(world, 'abort');
      const { end } = await told;
      assert.deepEqual([end.state, end.code, end.reason?.code], ['cancelled', 1, 'CANARY_ABORTED']);
      assert.deepEqual(world.serving('web').toSorted(), old);
      assert.deepEqual(world.running.toSorted(), old);
    });
  });

  test('a promotion outlives the daemon', async () => {
    await withCanary(forever, {}, async (world) => {
      await seen(world, 10, 'waiting');
      await steer(world, 'promote');
      await world.replaceDaemon();
      await seen(world, 50, 'waiting');
      await steer(world, 'promote-full');
      const id = world.store.lastDeployment('shop')?.id ?? '';
      assert.equal((await tell(world.engine.deployment(id) ?? assert.fail())).end.state, 'succeeded');
    });
  });

  test('a third release waits for its turn, and then replaces what serves', async () => {
    await withCanary(forever, {}, async (world, told) => {
      await seen(world, 10, 'waiting');
      await assert.rejects(world.begin(web('v3', forever)), { code: 'LOCKED' });
      const third = await world.engine.deploy({ cwd: '/srv/shop', env: {} }, { waitMs: 600_000, by: 'eva' });
      assert.deepEqual(world.serving('web').toSorted(), [...old, 'web-r2-1'].toSorted());
      await steer(world, 'abort');
      assert.equal((await told).end.state, 'cancelled');
      await seen(world, 10, 'waiting');
      await steer(world, 'promote-full');
      assert.equal((await tell(third)).end.state, 'succeeded');
    });
  });

  test('where there is nothing to steer, that is said', async () => {
    const world = new FakeWorld();
    try {
      await world.deploy(web('v1'));
      for (const order of ['promote', 'promote-full', 'pause', 'resume', 'abort'] as const)
        await assert.rejects(steer(world, order), { code: 'CANARY_NONE' });
      await assert.rejects(world.engine.steer('nowhere', 'abort', 'ana'), { code: 'PROJECT_UNKNOWN' });
    } finally {
      await world.close();
    }
  });
});
