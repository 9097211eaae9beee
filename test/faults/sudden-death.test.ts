import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppProject, appProject } from '../support/app-project.ts';
import { ForkedDaemon } from '../support/fork-daemon.ts';
import { freshHome, type Home, processesOf } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';

/** Real processes, a real proxy and a real daemon are killed with SIGKILL; everything comes back by itself. */

const limitMs = 10_000;

async function deployed(home: Home): Promise<{ app: AppProject; daemon: ForkedDaemon }> {
  const app = appProject(home);
  app.write({ env: { VERSION: 1 } });
  const daemon = new ForkedDaemon(home);
  await daemon.ready();
  assert.equal((await daemon.deploy(app.folder))?.state, 'succeeded');
  return { app, daemon };
}

/** Waits until the project is healthy and answers; returns how long that took. */
async function whole(home: Home, app: AppProject, daemon: ForkedDaemon): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const { status } = await daemon.status(app.name);
    const tookMs = performance.now() - begun;
    if (status.state === 'healthy' && (await answers(home, app))) return tookMs;
    assert.ok(tookMs < limitMs, `${Math.round(tookMs)} ms later: ${JSON.stringify(status, null, 1)}`);
    await sleep(50);
  }
}

async function answers(home: Home, app: AppProject): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port: home.httpPort, path: '/', headers: { host: app.host }, timeout: 1000 };
    request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}

test('everything at once, as when the machine is switched off: a start of the daemon brings it back', async (context) => {
  await using home = await freshHome();
  const { app, daemon } = await deployed(home);
  const before = (await daemon.status(app.name)).status;
  await daemon.kill();
  for (let left = processesOf(home.dir); left.length > 0; left = processesOf(home.dir)) {
    for (const pid of left) kill(pid);
    await sleep(20);
  }
  const next = new ForkedDaemon(home);
  await next.ready();
  context.diagnostic(`whole again after ${Math.round(await whole(home, app, next))} ms`);
  const after = (await next.status(app.name)).status;
  assert.equal(after.release, before.release);
  assert.deepEqual(
    after.services[0]?.instances.map((one) => one.id),
    before.services[0]?.instances.map((one) => one.id),
  );
  await next.kill();
});

test('the proxy: it comes back with the same routes', async (context) => {
  await using home = await freshHome();
  const { app, daemon } = await deployed(home);
  const proxies = processesOf(home.dir).filter((pid) => commandOf(pid).startsWith('/usr/sbin/haproxy'));
  assert.ok(proxies.length > 0, 'no proxy found');
  for (const pid of proxies) kill(pid);
  context.diagnostic(`answers again after ${Math.round(await whole(home, app, daemon))} ms`);
  await daemon.kill();
});

test('the daemon, while nothing is deployed: no request fails, and the next one adopts every instance', async () => {
  await using home = await freshHome();
  const { app, daemon } = await deployed(home);
  const load = startLoad({
    address: '127.0.0.1',
    port: home.httpPort,
    host: app.host,
    workers: { think: 3, fresh: 3 },
  });
  try {
    const before = (await daemon.status(app.name)).status.services[0]?.instances;
    await daemon.kill();
    await sleep(500);
    const next = new ForkedDaemon(home);
    await next.ready();
    await whole(home, app, next);
    assert.deepEqual((await next.status(app.name)).status.services[0]?.instances, before);
    await next.kill();
  } finally {
    await load.stop();
  }
  const report = await load.stop();
  assert.deepEqual(report.failures, [], renderReport(report));
});

test('an instance: the others answer, and it comes back', async () => {
  await using home = await freshHome();
  const { app, daemon } = await deployed(home);
  const [first] = (await daemon.status(app.name)).status.services[0]?.instances ?? [];
  assert.ok(first?.pid);
  kill(first.pid);
  await sleep(50);
  assert.equal(await answers(home, app), true);
  await whole(home, app, daemon);
  const again = (await daemon.status(app.name)).status.services[0]?.instances.find((one) => one.id === first.id);
  assert.equal(again?.restarts, 1);
  assert.notEqual(again?.pid, first.pid);
  await daemon.kill();
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
