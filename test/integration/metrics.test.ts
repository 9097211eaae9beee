import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrafficOf, TrafficStats } from '#model/metrics.ts';
import { drained, type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

const web = { project: 'p', service: 'web' };

/** A look at the proxy's counters belongs to the second before; one that comes late may so name a second before ours. */
const beginning = () => Date.now() - 1000;

/** What was measured since `from`, once `isWhole`. */
async function measured(
  stage: Stage,
  of: TrafficOf,
  from: number,
  isWhole: (stats: TrafficStats) => boolean,
): Promise<TrafficStats> {
  const end = Date.now() + 10_000;
  for (;;) {
    const stats = stage.traffic.stats(of, { from, to: Date.now() + 1000 });
    if (isWhole(stats)) return stats;
    if (Date.now() > end) throw new Error(`not within 10 s: ${JSON.stringify(stats)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function times(count: number, act: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n++) await act();
}

test('requests are counted once, by service, release, instance and route, with their statuses, bytes and times', async () => {
  await using stage = await setStage();
  const old = await stage.start('web-r1-1');
  const fresh = await stage.start('web-r2-1');
  const listeners = [
    { kind: 'published', address: stage.address, port: 8000 },
    { kind: 'neighbour', address: stage.address, port: 9000 },
  ] as const;
  await stage.balancer.apply(
    tableOf({ servers: [old.server(), fresh.server()], listeners, routes: [{ name: 'shop' }] }),
  );
  const from = beginning();
  await times(10, () => stage.get('/'));
  await times(6, () => stage.get('/', { port: 8000 }));
  await times(4, () => stage.get('/', { port: 9000 }));
  await times(4, () => stage.get('/status/404'));
  await times(2, () => stage.get('/status/500'));
  await times(4, () => stage.get('/slow/120'));

  const all = await measured(stage, web, from, (stats) => stats.requests >= 30);
  assert.deepEqual(all.answers, { 1: 0, 2: 24, 3: 0, 4: 4, 5: 2 });
  assert.equal(all.requests, 30);
  assert.equal(all.networkErrors, 0);
  assert.ok(all.bytesIn > 0 && all.bytesOut > 0);
  assert.ok((all.p99 ?? 0) >= 115, `p99 ${all.p99}`);
  assert.ok((all.p50 ?? 1000) < 110, `p50 ${all.p50}`);
  const window = { from, to: Date.now() + 1000 };
  assert.equal(stage.traffic.stats({ ...web, release: 1 }, window).requests, 15);
  assert.equal(stage.traffic.stats({ ...web, release: 2 }, window).requests, 15);
  assert.equal(stage.traffic.stats({ ...web, instances: ['web-r2-1'] }, window).requests, 15);
  assert.equal(stage.traffic.stats({ ...web, route: 'shop' }, window).requests, 20);
  assert.equal(stage.traffic.stats({ ...web, route: 'shop', release: 1 }, window).answers[5], 1);
  assert.equal(stage.traffic.stats(web, { from: from - 60_000, to: from - 1000 }).requests, 0);
  assert.equal(stage.traffic.stats({ ...web, service: 'other' }, window).requests, 0);
});

test("a service whose instance is gone has network errors, and they are nobody else's answers", async () => {
  await using stage = await setStage();
  const gone = await stage.start('web-r1-1');
  await stage.balancer.apply(tableOf({ servers: [gone.server()], routes: [{}] }));
  const from = beginning();
  assert.equal((await stage.get('/')).status, 200);
  await gone.kill();
  for (let n = 0; n < 5; n++) assert.equal((await stage.get('/')).status, 503);
  const stats = await measured(stage, web, from, (one) => one.requests >= 6);
  assert.deepEqual([stats.requests, stats.networkErrors, stats.answers[2], stats.answers[5]], [6, 5, 1, 0]);
});

test('no request is lost or counted twice over reloads', async () => {
  await using stage = await setStage();
  const one = await stage.start('web-r1-1');
  const tableWith = (port: number) =>
    tableOf({
      servers: [one.server()],
      routes: [{}],
      listeners: [{ kind: 'published', address: stage.address, port }],
    });
  await stage.balancer.apply(tableWith(8000));
  const from = beginning();
  let asked = 0;
  let going = true;
  const asking = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (going) {
        asked += 1;
        assert.equal((await stage.get('/slow/3')).status, 200);
      }
    }),
  );
  for (const port of [8001, 8002, 8003]) {
    assert.equal((await stage.balancer.apply(tableWith(port))).reloaded, true);
    const before = asked;
    while (asked < before + 50) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  going = false;
  await asking;
  await drained(stage.balancer, 'web-r1-1');
  await measured(stage, web, from, (stats) => stats.requests >= asked);
  // Whoever counts twice does so with the next looks.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const stats = stage.traffic.stats(web, { from, to: Date.now() + 1000 });
  assert.equal(stats.requests, asked);
  assert.equal(stats.answers[2], asked);
  assert.equal(one.requests(), asked);
});
