import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { say } from '#core/messages/say.ts';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { type EngineProxy, kindOf, startEngineProxy } from '../support/docker-proxy.ts';
import type { ForkedDaemon } from '../support/fork-daemon.ts';
import { freshHome } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { whyNoDisk } from '../support/small-disk.ts';
import { fillTheDisk } from './full-disk.ts';
import { wholeAgain } from './judge.ts';
import { loadOn, takeDown } from './kill-daemon.ts';
import { dockerStageOf, writer } from './stage.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

/** Short, so that a call that hangs ends soon. */
const deadlines = { ping: 2000, read: 1200, change: 1500, start: 3000, make: 6000, silence: 1500, reconnect: 300 };

/** With FAULTS=all: the change also builds, makes networks and volumes, and runs commands inside. */
const isWhole = process.env.FAULTS === 'all';

/** Looking on, which is always open. */
const streams = new Set(['GET /_ping', 'GET /events']);

/**
 * Under load, deployments follow each other until one succeeds; meanwhile the first call of each kind is spoilt. So
 * every call of a deployment, of its way back and of the supervision fails once, and each time all must hold.
 */
for (const fault of ['refuse', 'hang', 'lose'] as const) {
  const sampled = fault === 'lose' && !isWhole ? 'only with FAULTS=all, for its time' : undefined;
  test(`docker: each kind of call to the engine is spoilt once (${fault}), and no request fails`, {
    skip: reason ?? sampled ?? false,
    timeout: 300_000,
  }, async (context) => {
    engine ??= startEngine();
    const started = await engine;
    await using proxy = await startEngineProxy(started.socketPath, join(started.dir, `${fault}.sock`));
    const stage = dockerStageOf(started, { socketPath: proxy.socketPath, deadlines });
    await using home = await freshHome();
    const { app, write } = writer(stage, home, 'rolling');
    let daemon = await dockerStageOf(started, { socketPath: proxy.socketPath }).daemon(home);
    try {
      write(1);
      assert.equal((await daemon.deploy(app.folder))?.state, 'succeeded');
      await daemon.kill();
      daemon = await stage.daemon(home);
      const load = startLoad(loadOn(home, app.host));
      const spoilt = new Set<string>();
      try {
        write(2);
        if (isWhole) {
          appendFileSync(join(app.folder, 'server.mjs'), '// 2\n');
          stage.write(app, { replicas: 2, env: { VERSION: 2 }, file: everything(started.shellImage(), fault) });
        }
        const ends: string[] = [];
        const reasons: string[] = [];
        for (const mostAttempts = 30; ends.at(-1) !== 'succeeded'; ) {
          assert.ok(ends.length < mostAttempts, `no end of it: ${ends.join(' ')}`);
          spoil(proxy, spoilt, fault);
          const { state, why } = await endOf(daemon, app.folder);
          ends.push(state);
          if (state !== 'succeeded') reasons.push(why);
          const about = `${fault}, ${[...spoilt].at(-1)}`;
          await wholeAgain({ daemon, project: app.name, about, withinMs: 30_000, expectProblems: true });
          assert.deepEqual(load.failures(), [], about);
        }
        assert.ok(!reasons.includes(''), 'every failure says why');
        if (fault === 'hang')
          assert.match(reasons.join('\n'), /Docker did not answer “.+” within/, 'and on what it waited');
        context.diagnostic(`${fault}: ${spoilt.size} kinds of calls, ${ends.length} deployments: ${ends.join(' ')}`);
      } finally {
        await load.stop();
        proxy.heal();
      }
      const report = await load.stop();
      assert.deepEqual(report.failures, [], renderReport(report));
      for (const kind of isWhole ? [...kinds, ...moreKinds] : kinds)
        assert.ok(spoilt.has(kind), `${kind} among\n${[...spoilt].join('\n')}`);
    } finally {
      proxy.heal();
      await daemon.kill();
      await takeDown(stage, home, app.name);
    }
  });
}

const kinds = ['POST /containers/create', 'POST /containers/X/start', 'GET /containers/json'];
const moreKinds = ['POST /build', 'POST /networks/create', 'POST /volumes/create', 'POST /containers/X/exec'];

/** Another service, behind the one under load in the file; with a volume of its own, for no `down` takes one along. */
function everything(image: string, volume: string): string {
  return `  extra:
    image: ${image}
    command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"]
    volumes: ["data:/data", "/anon"]
    networks: [one, two]
    healthcheck: { test: [CMD, "true"], interval: 300ms, timeout: 2s }
volumes: { data: { name: ${volume} } }
networks: { one: {}, two: { internal: true } }
`;
}

/** How a deployment ended, and why; `refused` is one that could not even be planned. */
async function endOf(daemon: ForkedDaemon, folder: string): Promise<{ readonly state: string; readonly why: string }> {
  return daemon.deploy(folder).then(
    (end) => ({ state: end?.state ?? 'gone', why: end?.reason === undefined ? '' : say(end.reason, 'en') }),
    (error: unknown) => ({ state: 'refused', why: String(error) }),
  );
}

function spoil(proxy: EngineProxy, spoilt: Set<string>, fault: 'refuse' | 'hang' | 'lose'): void {
  proxy.spoil((call) => {
    const kind = kindOf(call);
    if (streams.has(kind) || spoilt.has(kind)) return false;
    spoilt.add(kind);
    return true;
  }, fault);
}

test('docker: on a full disk a deployment fails, what served serves on, and the daemon recovers', {
  skip: reason ?? whyNoDisk() ?? false,
  timeout: 240_000,
}, async (context) => {
  engine ??= startEngine();
  const started = await engine;
  const stage = dockerStageOf(started, { socketPath: started.socketPath });
  const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
  await fillTheDisk({ stage, env, context });
});
