import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { endOf, succeeded } from '../support/events.ts';
import { freshHome, type Home } from '../support/home.ts';
import { type LoadReport, renderReport, startLoad } from '../support/load.ts';

/** Load on the project `name` through the edge while `work` runs; nothing may fail. */
async function underLoad(home: Home, name: string, work: () => Promise<void>): Promise<LoadReport> {
  const load = startLoad({
    address: '127.0.0.1',
    port: home.httpPort,
    host: `${name}.localhost`,
    path: (kind) => (kind === 'slow' ? '/slow/3000' : kind === 'post' ? '/echo' : '/'),
  });
  try {
    await work();
  } finally {
    await load.stop();
  }
  const report = await load.stop();
  assert.equal(report.failures.length, 0, renderReport(report));
  assert.ok(report.requests > 100, `only ${report.requests} requests`);
  return report;
}

for (const strategy of ['rolling', 'blue-green', 'recreate'] as const) {
  test(`${strategy}: deploy, rollback, scale and restart lose no request`, async () => {
    await using home = await freshHome();
    const app = appProject(home);
    const replicas = strategy === 'recreate' ? 1 : 2;
    succeeded(await app.deploy({ strategy, replicas, env: { VERSION: 1 } }));
    await underLoad(home, app.name, async () => {
      succeeded(await app.deploy({ strategy, replicas, env: { VERSION: 2 } }));
      assert.equal(endOf(await home.ok(['rollback', '-p', app.name, '--json'])).release, 1);
      if (strategy !== 'recreate') await home.ok(['scale', 'web=3', '-p', app.name, '--json']);
      await home.ok(['restart', 'web', '-p', app.name, '--json']);
    });
    const status = await home.status(app.name);
    assert.equal(status.state, 'healthy', JSON.stringify(status, null, 1));
  });
}

test('a second deployment of the same file says nothing changed and touches nothing', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  await app.deploy({ env: { VERSION: 1 } });
  const before = (await home.status(app.name)).services[0]?.instances;
  const second = await app.deploy({ env: { VERSION: 1 } });
  assert.equal(second.code, 0);
  succeeded(second);
  assert.deepEqual((await home.status(app.name)).services[0]?.instances, before);
  assert.equal((await home.cli(['plan', app.folder])).code, 0);
});

const failing = [
  { name: 'exits at once', env: { EXIT_AT_ONCE: 7 }, shows: /cannot start: told to exit at once/ },
  { name: 'never gets healthy', env: { UNHEALTHY_AFTER_MS: 0 }, shows: /500.*sick/s },
  { name: 'gets unhealthy after passing', env: { UNHEALTHY_AFTER_MS: 900 }, shows: /sick/ },
  { name: 'crashes after passing', env: { EXIT_AFTER_MS: 900 }, shows: /3/ },
  { name: 'answers 5xx after the switch', env: { FAIL_SHARE: 0.9 }, shows: /5xx/ },
];

for (const { name, env, shows } of failing) {
  test(`a release that ${name}: the old one serves on, untouched, and the output says why`, async () => {
    await using home = await freshHome();
    const app = appProject(home);
    await app.deploy({ env: { VERSION: 1 } });
    const before = (await home.status(app.name)).services[0]?.instances;
    const load = startLoad({ address: '127.0.0.1', port: home.httpPort, host: app.host, workers: { think: 4 } });
    const result = await app.deploy({ env: { VERSION: 2, ...env } });
    await load.stop();
    assert.equal(result.code, 5, result.stdout + result.stderr);
    assert.equal(endOf(result).state, 'rolled-back');
    assert.match(JSON.stringify(endOf(result)), shows);
    const after = await home.status(app.name);
    assert.equal(after.release, 1);
    assert.deepEqual(
      after.services[0]?.instances.map((one) => [one.id, one.startedAt, one.pid, one.state]),
      before?.map((one) => [one.id, one.startedAt, one.pid, one.state]),
    );
  });
}

test('a service that ignores SIGTERM is killed after its grace, and the output says so', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  await app.deploy({ replicas: 1, env: { VERSION: 1, IGNORE_TERM: 1 }, service: '' });
  const result = await app.deploy({ replicas: 1, env: { VERSION: 2 } });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /ignored its stop signal for 8 s and was killed/);
});

test('of two deployments at once one exits 3 and names the other, with its step and since when', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  await app.deploy({ env: { VERSION: 1 } });
  app.write({ env: { VERSION: 2 } });
  const both = await Promise.all([1, 2].map(() => home.cli(['deploy', app.folder, '--json', '--lang', 'en'])));
  const locked = both.find((one) => one.code === 3);
  assert.deepEqual(both.map((one) => one.code).toSorted(), [0, 3]);
  assert.match(locked?.stdout ?? '', /app is being deployed by .* pid \d+ \(app-2\) since .*Z, now at /);
  assert.match(locked?.stdout ?? '', /--wait/);
});

test('with --wait the second deployment waits for its turn', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  await app.deploy({ env: { VERSION: 1 } });
  app.write({ env: { VERSION: 2 } });
  const both = await Promise.all([1, 2].map(() => home.cli(['deploy', app.folder, '--json', '--wait', '2m'])));
  assert.deepEqual(
    both.map((one) => one.code),
    [0, 0],
  );
});
