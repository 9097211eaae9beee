import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { freshHome, type Home } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { wholeAgain } from './judge.ts';
import { type FaultStage, writer } from './stage.ts';

/*
 * A real daemon is killed with SIGKILL at the steps of a real deployment, under load, and another is started. The
 * deployment goes on or back by itself, and no request fails. Each runtime runs this.
 */

export type Strategy = 'rolling' | 'blue-green' | 'canary' | 'recreate';

interface Killing {
  readonly stage: FaultStage;
  readonly strategy: Strategy;
  /** Which of the steps of the plan; all that act when it is left out. FAULTS=all is every step, before and after it. */
  readonly sample?: RegExp;
  readonly context: TestContext;
}

/** Three times the budget: a machine that runs all tests at once is slow. What it took is printed. */
const convergeMs = 30_000;

/** Deploys once for each step of the plan, the daemon dying at it; what holds afterwards is judge.ts's. */
export async function killAtEachStep({ stage, strategy, sample, context }: Killing): Promise<void> {
  await using home = await freshHome();
  const { app, write } = writer(stage, home, strategy);
  let daemon = await stage.daemon(home);
  try {
    write(1);
    assert.equal((await daemon.deploy(app.folder))?.state, 'succeeded');
    write(2);
    const faults = faultsOf(await daemon.plan(app.folder), sample);
    context.diagnostic(`${stage.kind}, ${strategy}: ${faults.length} moments`);
    await daemon.kill();
    const load = startLoad(loadOn(home, app.host));
    try {
      let version = 2;
      for (const fault of faults) {
        write(version++);
        daemon = await stage.daemon(home, fault);
        await daemon.deploy(app.folder);
        assert.ok(daemon.isGone, `${fault} was never reached`);
        const begun = performance.now();
        daemon = await stage.daemon(home);
        await wholeAgain({ daemon, project: app.name, about: fault, withinMs: convergeMs });
        context.diagnostic(`${fault}: whole again after ${Math.round(performance.now() - begun)} ms`);
        await daemon.kill();
        assert.deepEqual(load.failures(), [], `${fault}: ${JSON.stringify(load.failures())}`);
      }
    } finally {
      await load.stop();
    }
    const report = await load.stop();
    assert.deepEqual(report.failures, [], renderReport(report));
    assert.ok(report.requests > 500, `only ${report.requests} requests`);
  } finally {
    await takeDown(stage, home, app.name);
  }
}

/** Think time, new connections, bodies, and requests that outlast the steps. */
export function loadOn(home: Home, host: string): Parameters<typeof startLoad>[0] {
  return {
    address: '127.0.0.1',
    port: home.httpPort,
    host,
    workers: { think: 3, fresh: 3, post: 2, slow: 2 },
    path: (kind) => (kind === 'slow' ? '/slow/1500' : kind === 'post' ? '/echo' : '/'),
  };
}

/** Containers and addresses on the host do not end with the home's processes. */
export async function takeDown(stage: FaultStage, home: Home, project: string): Promise<void> {
  if (stage.kind === 'process') return;
  const daemon = await stage.daemon(home);
  await daemon.down(project);
  await daemon.kill();
}

/** Steps before which nothing has changed, or that only look: daemon-death.test.ts lets the daemon die there, too. */
const harmless = /^(check|prepare|ensure-project|gate|verify|prune)/;

/**
 * After each step that acts: it has happened, and the journal does not say so. The same step of two instances counts
 * once. With FAULTS=all after every step, and before it: it is journalled and has not happened.
 */
function faultsOf(steps: readonly string[], sample: RegExp | undefined): readonly string[] {
  const isAll = process.env.FAULTS === 'all';
  const chosen = steps.filter((id) => isAll || (!harmless.test(id) && (sample?.test(id) ?? true)));
  const patterns = new Set(chosen.map((id) => `^${id.replace(/-r\d+-\d+/g, '-r\\d+-\\d+')}$`));
  return [...patterns].flatMap((pattern) => (isAll ? [`before:${pattern}`, `after:${pattern}`] : [`after:${pattern}`]));
}
