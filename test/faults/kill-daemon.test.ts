import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppOptions, type AppProject, appProject } from '../support/app-project.ts';
import { ForkedDaemon } from '../support/fork-daemon.ts';
import { freshHome, type Home } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';

/*
 * A real daemon is killed with SIGKILL at the steps of a real deployment, under load, and another is started. The
 * deployment goes on or back by itself, and no request fails.
 */

/** Three times the budget: a machine that runs all tests at once is slow. What it took is printed. */
const convergeMs = 30_000;

for (const strategy of ['rolling', 'blue-green', 'recreate'] as const) {
  test(`${strategy}: the daemon is killed at each step, and no request fails`, {
    timeout: 600_000,
  }, async (context) => {
    await using home = await freshHome();
    const app = appProject(home);
    const write = writer(app, strategy);
    let daemon = await started(home);
    write(1);
    assert.equal((await daemon.deploy(app.folder))?.state, 'succeeded');
    write(2);
    const steps = await daemon.plan(app.folder);
    await daemon.kill();
    const load = startLoad({
      address: '127.0.0.1',
      port: home.httpPort,
      host: app.host,
      workers: { think: 3, fresh: 3, post: 2, slow: 2 },
      path: (kind) => (kind === 'slow' ? '/slow/1500' : kind === 'post' ? '/echo' : '/'),
    });
    try {
      let version = 2;
      for (const fault of faultsOf(steps)) {
        write(version++);
        daemon = await started(home, fault);
        await daemon.deploy(app.folder);
        assert.ok(daemon.isGone, `${fault} was never reached`);
        const tookMs = await converges(home, app, fault);
        context.diagnostic(`${fault}: whole again after ${Math.round(tookMs)} ms`);
        assert.deepEqual(load.failures(), [], `${fault}: ${JSON.stringify(load.failures())}`);
      }
    } finally {
      await load.stop();
    }
    const report = await load.stop();
    assert.deepEqual(report.failures, [], renderReport(report));
    assert.ok(report.requests > 1000, `only ${report.requests} requests`);
  });
}

async function started(home: Home, fault?: string): Promise<ForkedDaemon> {
  const daemon = new ForkedDaemon(home, fault);
  await daemon.ready();
  return daemon;
}

/** Another daemon takes over; the project must be whole again in time. */
async function converges(home: Home, app: AppProject, about: string): Promise<number> {
  const begun = performance.now();
  const daemon = await started(home);
  for (;;) {
    const { status, unfinished } = await daemon.status(app.name);
    const tookMs = performance.now() - begun;
    if (unfinished === 0 && status.state === 'healthy') {
      assert.deepEqual(daemon.problems, [], about);
      await daemon.kill();
      return tookMs;
    }
    assert.ok(tookMs < convergeMs, `${about}: ${Math.round(tookMs)} ms later: ${JSON.stringify(status, null, 1)}`);
    await sleep(100);
  }
}

/** Steps before which nothing has changed, or that only look: daemon-death.test.ts lets the daemon die there, too. */
const harmless = /^(check|prepare|ensure-project|gate|verify|prune)/;

/**
 * After each step that acts: it has happened, and the journal does not say so. The same step of two instances counts
 * once. With FAULTS=all after every step, and before it: it is journalled and has not happened.
 */
function faultsOf(steps: readonly string[]): readonly string[] {
  const isAll = process.env.FAULTS === 'all';
  const chosen = steps.filter((id) => isAll || !harmless.test(id));
  const patterns = new Set(chosen.map((id) => `^${id.replace(/-r\d+-\d+/g, '-r\\d+-\\d+')}$`));
  return [...patterns].flatMap((pattern) => (isAll ? [`before:${pattern}`, `after:${pattern}`] : [`after:${pattern}`]));
}

function writer(app: AppProject, strategy: string): (version: number) => void {
  const options: AppOptions = { strategy, replicas: strategy === 'recreate' ? 1 : 2, settings: '' };
  return (version) => app.write({ ...options, env: { VERSION: version } });
}
