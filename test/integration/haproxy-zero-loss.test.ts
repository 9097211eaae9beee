import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteTable, Server } from '#model/route.ts';
import type { TestInstance } from '../support/instance.ts';
import { type Load, renderReport, startLoad } from '../support/load.ts';
import { drained, joined, type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

/*
 * What a deployment does to the proxy, under every kind of client at once, and nobody may notice. An instance is
 * killed like a process that does not care, as soon as the proxy says that nothing is in flight there.
 */

const published = (stage: Stage) => [{ kind: 'published' as const, address: stage.address, port: 8000 }];

/** Load that ends with the test, also when it fails. */
function loadOn(options: Parameters<typeof startLoad>[0]): Load & AsyncDisposable {
  const load = startLoad(options);
  return { ...load, [Symbol.asyncDispose]: async () => void (await load.stop()) };
}

function everybody(stage: Stage): Load & AsyncDisposable {
  return loadOn({
    address: stage.address,
    port: 8000,
    host: 'a.localhost',
    workers: { 'keep-alive': 4, think: 6, fresh: 3, post: 4, slow: 2, websocket: 0 },
    pauseMs: { think: 60, 'keep-alive': 2 },
    path: (kind, n) => (kind === 'slow' ? '/slow/700' : `/?n=${n}`),
  });
}

async function settle(running: Load, requests: number): Promise<void> {
  const goal = running.requests() + requests;
  while (running.requests() < goal) await new Promise((resolve) => setTimeout(resolve, 10));
}

function tableFor(stage: Stage, servers: readonly Server[], extra: readonly RouteTable[] = []): RouteTable {
  return joined(tableOf({ servers, listeners: published(stage) }), ...extra);
}

/** Another project comes or goes: a change that needs a reload. */
function neighbour(stage: Stage, port: number): RouteTable {
  const id = `other/x${port}:80` as const;
  const place = { project: 'other', service: `x${port}`, port: 80 };
  return {
    backends: { [id]: { id, ...place, protocol: 'http', balance: 'roundrobin', servers: [] } },
    listeners: [{ kind: 'published', address: stage.address, port, backend: id }],
    routes: [],
  };
}

async function replace(
  stage: Stage,
  old: TestInstance,
  next: TestInstance,
  extra: readonly RouteTable[],
): Promise<void> {
  const { balancer } = stage;
  await balancer.apply(tableFor(stage, [old.server(), next.server()], extra));
  await balancer.apply(tableFor(stage, [old.server('drain'), next.server()], extra));
  await drained(balancer, old.id);
  await balancer.apply(tableFor(stage, [old.server('maint'), next.server()], extra));
  await balancer.apply(tableFor(stage, [next.server()], extra));
  await old.kill();
}

test('ten replacements lose no request', { timeout: 120_000 }, async () => {
  await using stage = await setStage();
  let current = await stage.start('web-r1-1');
  await stage.balancer.apply(tableFor(stage, [current.server()]));
  await using running = everybody(stage);
  await settle(running, 200);
  for (let release = 2; release <= 11; release++) {
    const next = await stage.start(`web-r${release}-1`);
    await replace(stage, current, next, []);
    await settle(running, 100);
    current = next;
  }
  const report = await running.stop();
  assert.deepEqual(report.failures, [], renderReport(report));
  assert.equal(Object.keys(report.byInstance).length, 11, 'every release served');
});

test('replacements with reloads before, between and after lose no request', { timeout: 120_000 }, async () => {
  await using stage = await setStage();
  let current = await stage.start('web-r1-1');
  await stage.balancer.apply(tableFor(stage, [current.server()]));
  await using running = everybody(stage);
  await settle(running, 200);
  for (let release = 2; release <= 7; release++) {
    const next = await stage.start(`web-r${release}-1`);
    const extra = [neighbour(stage, 8100 + release)];
    const { reloaded } = await stage.balancer.apply(tableFor(stage, [current.server()], extra));
    assert.equal(reloaded, true);
    // At once after the reload: the old worker still has kept connections and requests at the old instance.
    await replace(stage, current, next, extra);
    if (release % 2 === 0) await stage.balancer.apply(tableFor(stage, [next.server()]));
    await settle(running, 100);
    current = next;
  }
  const report = await running.stop();
  assert.deepEqual(report.failures, [], renderReport(report));
});

test('after a switch nothing new reaches the old instance, kept connections of an old worker included', async () => {
  await using stage = await setStage();
  const old = await stage.start('web-r1-1');
  const next = await stage.start('web-r2-1');
  await stage.balancer.apply(tableFor(stage, [old.server()]));
  await using running = loadOn({
    ...{ address: stage.address, port: 8000, host: 'a' },
    workers: { think: 30, 'keep-alive': 2 },
    pauseMs: { think: 300 },
  });
  await settle(running, 100);
  await stage.balancer.apply(tableFor(stage, [old.server()], [neighbour(stage, 8200)]));
  const before = performance.now();
  await stage.balancer.apply(tableFor(stage, [old.server('drain'), next.server()], [neighbour(stage, 8200)]));
  const took = performance.now() - before;
  const switched = performance.now();
  await settle(running, 300);
  const lastToOld = running.lastSentTo((id) => id === old.id) ?? 0;
  const report = await running.stop();
  assert.deepEqual(report.failures, []);
  assert.ok(lastToOld <= switched, `the old instance still got requests ${lastToOld - switched} ms after the switch`);
  assert.ok(took < 500, `the switch took ${took} ms`);
});

test('two adapters asked at once, many times, end at the last table', async () => {
  await using stage = await setStage();
  const instances = await Promise.all([1, 2, 3, 4].map((n) => stage.start(`web-r1-${n}`)));
  const tables = [0, 1, 2, 3, 2, 1].map((keep) =>
    tableFor(
      stage,
      instances.slice(keep).map((one) => one.server()),
    ),
  );
  await Promise.all(tables.map((table) => stage.balancer.apply(table)));
  const seen = await stage.balancer.observe();
  assert.deepEqual(seen.map((one) => one.server).sort(), ['web-r1-2', 'web-r1-3', 'web-r1-4']);
  assert.deepEqual(await stage.balancer.apply(tables.at(-1) as RouteTable), { reloaded: false });
});
