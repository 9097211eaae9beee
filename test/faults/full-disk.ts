import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { until } from '../support/docker.ts';
import { type EventLine, endOf, eventsOf } from '../support/events.ts';
import { freshHome } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { smallDisk } from '../support/small-disk.ts';
import { loadOn } from './kill-daemon.ts';
import { type FaultStage, writer } from './stage.ts';

/*
 * The disk of TIMONEL_HOME is full, before a deployment or in the middle of one: it fails and says so, what served
 * serves on without one failed request, the lock is given back, and once there is room the same daemon deploys again.
 */

interface Filling {
  readonly stage: FaultStage;
  readonly env: Readonly<Record<string, string>>;
  readonly context: TestContext;
}

export async function fillTheDisk({ stage, env, context }: Filling): Promise<void> {
  await using home = await freshHome();
  using disk = smallDisk(home.dir, 64);
  const { app, write } = writer(stage, home, 'rolling');
  const deploy = () => home.cli(['deploy', app.folder, '--json'], { env });
  try {
    write(1);
    const first = await deploy();
    assert.equal(first.code, 0, first.stdout.slice(-2000) + first.stderr);
    const daemon = home.daemonPid();
    const before = await home.status(app.name);
    const load = startLoad(loadOn(home, app.host));
    const serves = async (about: string) => {
      const now = await home.status(app.name);
      const ids = (status: typeof now) => status.services.flatMap((one) => one.instances.map(({ id }) => id));
      assert.equal(now.state, 'healthy', `${about}: ${JSON.stringify(now, null, 1)}`);
      assert.deepEqual(ids(now), ids(before), about);
      assert.deepEqual(load.failures(), [], about);
    };
    try {
      write(2);
      disk.fill();
      const refused = await deploy();
      context.diagnostic(`full before: ${tellingOf(refused.stdout, refused.stderr)}`);
      assert.equal(refused.code === 0, false);
      assert.match(refused.stdout + refused.stderr, /full|ENOSPC|no space/i);
      disk.free();
      await serves('full before the deployment');

      // Slow to start, so that there is a middle.
      stage.write(app, { replicas: 2, env: { VERSION: 3, BOOT_MS: 2500 } });
      const deploying = deploy();
      await until(async () => (await home.status(app.name)).state === 'deploying', 20_000);
      await until(
        async () =>
          (await home.status(app.name)).services.some((one) =>
            one.instances.some(({ release }) => release > (before.release ?? 0)),
          ),
        20_000,
      );
      disk.fill();
      const torn = await deploying;
      context.diagnostic(`full in the middle: ${tellingOf(torn.stdout, torn.stderr)}`);
      assert.notEqual(torn.code, 0, torn.stdout.slice(-3000));
      assert.equal(endOf(torn).state, 'rolled-back', torn.stdout.slice(-3000));
      assert.match(torn.stdout, /full|ENOSPC|no space/i);
      await serves('full in the middle of the deployment');

      disk.free();
      write(4);
      const again = await deploy();
      assert.equal(again.code, 0, again.stdout.slice(-3000) + again.stderr);
      assert.equal(home.daemonPid(), daemon, 'the daemon was not replaced');
    } finally {
      await load.stop();
    }
    const report = await load.stop();
    assert.deepEqual(report.failures, [], renderReport(report));
  } finally {
    disk.free();
    await home.cli(['down', '--all', '-y'], { env });
    await home.cli(['daemon', 'stop'], { env });
  }
}

function tellingOf(stdout: string, stderr: string): string {
  const lines: readonly EventLine[] = eventsOf({ code: 0, stdout, stderr, tookMs: 0 });
  const end = lines.findLast((line) => line.event === 'end');
  const reason = (end?.reason ?? {}) as { readonly message?: string };
  return end === undefined
    ? stderr.trim().slice(0, 300)
    : `${String(end.state)} ${reason.message ?? JSON.stringify(reason)}`;
}
