import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { Hold, RouteTable, Server } from '#model/route.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { drained, joined, type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

const generous: Hold = { maxMs: 30_000, limit: 1000 };

function tableFor(stage: Stage, servers: readonly Server[], held?: Hold): RouteTable {
  const listeners = [{ kind: 'published' as const, address: stage.address, port: 8000 }];
  return tableOf({ servers, listeners, backend: held === undefined ? {} : { held } });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a service is recreated under load: everybody waits, nobody fails', { timeout: 60_000 }, async () => {
  await using stage = await setStage();
  const { balancer } = stage;
  const old = await stage.start('web-r1-1');
  await balancer.apply(tableFor(stage, [old.server()]));
  const load = startLoad({
    ...{ address: stage.address, port: 8000, host: 'a' },
    workers: { 'keep-alive': 3, think: 4, fresh: 4, post: 4, slow: 1 },
    path: (kind) => (kind === 'slow' ? '/slow/500' : '/'),
  });
  try {
    await pause(500);
    await balancer.apply(tableFor(stage, [old.server()], generous));
    await balancer.apply(tableFor(stage, [old.server('drain')], generous));
    await drained(balancer, old.id);
    await balancer.apply(tableFor(stage, [], generous));
    await old.kill();
    await pause(3000);
    const next = await stage.start('web-r2-1');
    await balancer.apply(tableFor(stage, [next.server()], generous));
    const { reloaded } = await balancer.apply(tableFor(stage, [next.server()]));
    assert.equal(reloaded, false, 'a hold needs no reload');
    await pause(500);
  } finally {
    const report = await load.stop();
    assert.deepEqual(report.failures, [], renderReport(report));
    assert.ok((report.byInstance['web-r2-1'] ?? 0) > 20);
    assert.ok(report.latencyMs.max > 2900, 'requests did wait');
  }
});

test('who waits too long or comes too late gets 503 with Retry-After, and what waits is bounded', async () => {
  await using stage = await setStage();
  await stage.balancer.apply(tableFor(stage, [], { maxMs: 700, limit: 3 }));
  const before = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const answer = await stage.get('/', { port: 8000 });
      return { ...answer, took: performance.now() - before };
    }),
  );
  assert.deepEqual([...new Set(answers.map((one) => one.status))], [503]);
  assert.ok(answers.every((one) => Number(one.headers['retry-after']) > 0));
  const waited = answers.filter((one) => one.took >= 690);
  assert.equal(waited.length, 3, `waited: ${answers.map((one) => Math.round(one.took))}`);
  assert.ok(answers.filter((one) => one.took < 500).length === 2, 'the others were told at once');
});

test('held requests outlive a reload', async () => {
  await using stage = await setStage();
  const { balancer } = stage;
  const old = await stage.start('web-r1-1');
  await balancer.apply(tableFor(stage, [old.server()]));
  await balancer.apply(tableFor(stage, [old.server('maint')], generous));
  const waiting = [1, 2, 3].map(() => stage.get('/', { port: 8000, method: 'POST', body: Buffer.alloc(50_000, 'x') }));
  await pause(200);
  const other = {
    ...tableOf({}),
    listeners: [{ kind: 'published' as const, address: stage.address, port: 8300, backend: 'p/web:9000' as const }],
  };
  const reload = await balancer.apply(joined(other, tableFor(stage, [old.server('maint')], generous)));
  assert.equal(reload.reloaded, true);
  await old.kill();
  const next = await stage.start('web-r2-1');
  await balancer.apply(joined(other, tableFor(stage, [next.server()])));
  const answers = await Promise.all(waiting);
  assert.deepEqual(
    answers.map((one) => [one.status, one.headers['x-instance']]),
    Array(3).fill([200, 'web-r2-1']),
  );
});

test('a held proxy that dies comes back holding', async () => {
  await using stage = await setStage();
  const next = await stage.start('web-r2-1');
  await stage.balancer.apply(tableFor(stage, [], generous));
  await stage.balancer.stop();
  await stage.balancer.ensureRunning();
  const waiting = stage.get('/', { port: 8000 });
  await pause(300);
  await stage.balancer.apply(tableFor(stage, [next.server()]));
  assert.equal((await waiting).body, 'web-r2-1\n');
});

test('tcp: new connections wait too, whatever they send meanwhile, and then reach the new instance', async () => {
  await using stage = await setStage();
  const { balancer } = stage;
  const table = (servers: readonly Server[], held?: Hold) =>
    tableOf({
      servers,
      listeners: [{ kind: 'published', address: stage.address, port: 8001 }],
      backend: { protocol: 'tcp', ...(held === undefined ? {} : { held }) },
    });
  const old = await stage.startTcp('db-r1-1');
  await balancer.apply(table([old.server()]));
  assert.equal(await talk(stage, 'a'), 'db-r1-1:a');
  await balancer.apply(table([old.server()], generous));
  await balancer.apply(table([old.server('maint')], generous));
  const waiting = [talk(stage, 'b'), talk(stage, 'c')];
  await pause(300);
  await old.kill();
  const next = await stage.startTcp('db-r2-1');
  await balancer.apply(table([next.server()], generous));
  await balancer.apply(table([next.server()]));
  assert.deepEqual(await Promise.all(waiting), ['db-r2-1:b', 'db-r2-1:c']);
  await balancer.apply(table([next.server()], { maxMs: 300, limit: 1000 }));
  await assert.rejects(talk(stage, 'd'), /closed/);
});

function talk(stage: Stage, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(8001, stage.address);
    socket.on('connect', () => socket.write(text));
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
}
