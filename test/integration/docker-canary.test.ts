import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AppOptions, appProject } from '../support/app-project.ts';
import { startEngine, whyNoEngine } from '../support/docker.ts';
import { type EventLine, endOf, eventsOf } from '../support/events.ts';
import { freshHome } from '../support/home.ts';
import { type LoadReport, renderReport, startLoad } from '../support/load.ts';

/*
 * A canary in containers: what decides is the same as for processes (canary.test.ts); here it is shown that shares,
 * measures and verdict come about with instances on a bridge, and that both endings leave the right containers.
 */

const strategy = `
        kind: canary
        steps: [40%]
        pause: 3s
        analysis: { interval: 3s, minRequests: 15, inconclusive: { for: 20s } }`;

test('in containers a canary that fails for a share is sent back, and a healthy one is promoted', {
  skip: whyNoEngine() ?? false,
  timeout: 240_000,
}, async () => {
  await using engine = await startEngine();
  await using home = await freshHome();
  const env = { DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.dir };
  const app = appProject(home);
  writeFileSync(
    join(app.folder, 'Dockerfile'),
    `FROM ${engine.nodeImage()}\nWORKDIR /app\nCOPY server.mjs .\nENV HOST=0.0.0.0 PORT=8080\nCMD ["node","server.mjs"]\n`,
  );
  const deploy = async (young: AppOptions['env']): Promise<readonly EventLine[]> => {
    const result = await app.deploy({ strategy, env: young ?? {} }, { env, args: ['--runtime', 'docker'] });
    endOf(result);
    return eventsOf(result);
  };
  const underLoad = async (young: AppOptions['env']) => {
    const load = startLoad({
      ...{ address: '127.0.0.1', port: home.httpPort, host: app.host },
      workers: { 'keep-alive': 2, think: 4, fresh: 2 },
    });
    const events = await deploy(young).finally(() => load.stop());
    return { events, report: await load.stop() };
  };
  const running = () => engine.docker('ps', '--format', '{{.Names}}').split('\n').toSorted();
  try {
    assert.equal((await deploy({ VERSION: 1 })).at(-1)?.state, 'succeeded');

    const bad = await underLoad({ VERSION: 2, FAIL_SHARE: 0.4 });
    const end = bad.events.at(-1);
    assert.deepEqual([end?.state, end?.release, end?.code], ['rolled-back', 1, 5], String(end?.reason));
    assert.match(String(end?.reason), /error ratio/);
    assert.deepEqual(otherThan500(bad.report), [], renderReport(bad.report));
    assert.ok(seenOf(bad.report, 2) < bad.report.requests * 0.5, renderReport(bad.report));
    assert.deepEqual(running(), ['app-web-r1-1', 'app-web-r1-2'], 'the old ones never stopped');

    const good = await underLoad({ VERSION: 3 });
    assert.equal(good.events.at(-1)?.state, 'succeeded', String(good.events.at(-1)?.reason));
    assert.deepEqual(good.report.failures, [], renderReport(good.report));
    assert.ok(seenOf(good.report, 3) > 0);
    const status = await home.status(app.name);
    assert.deepEqual([status.state, status.services[0]?.healthy], ['healthy', 2]);
    assert.deepEqual(
      running(),
      status.services[0]?.instances.map((one) => `app-${one.id}`),
      'only the new ones are left',
    );
  } finally {
    await home.cli(['down', '--all', '-y'], { env });
  }
});

function otherThan500({ failures }: LoadReport): LoadReport['failures'] {
  return failures.filter((one) => one.what !== 'status 500');
}

/** Answers that came from a release. */
function seenOf({ byInstance }: LoadReport, release: number): number {
  const own = Object.entries(byInstance).filter(([instance]) => instance.startsWith(`web-r${release}-`));
  return own.reduce((sum, [, count]) => sum + count, 0);
}
