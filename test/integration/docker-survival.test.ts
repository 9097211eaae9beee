import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { startEngine, type TestEngine, until, whyNoEngine } from '../support/docker.ts';
import { freshHome, type Home } from '../support/home.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

/** Two projects with a route each; `ask` tells which one answers for a name. */
async function withTwoApps(act: (scene: Scene) => Promise<void>, own?: TestEngine): Promise<void> {
  engine ??= own === undefined ? startEngine() : undefined;
  const started = own ?? (await engine);
  assert.ok(started);
  await using home = await freshHome();
  const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
  try {
    for (const name of ['one', 'two']) {
      const app = appProject(home, name);
      const recipe = `FROM ${started.nodeImage()}\nWORKDIR /app\nCOPY server.mjs .\nENV HOST=0.0.0.0 PORT=8080\nCMD ["node","server.mjs"]\n`;
      writeFileSync(join(app.folder, 'Dockerfile'), recipe);
      const result = await app.deploy({ env: { VERSION: name } }, { env, args: ['--runtime', 'docker'] });
      assert.equal(result.code, 0, result.stdout.slice(-2000) + result.stderr);
    }
    await act({ home, engine: started, env });
  } finally {
    await home.cli(['down', '--all', '-y'], { env });
  }
}

interface Scene {
  readonly home: Home;
  readonly engine: TestEngine;
  readonly env: Readonly<Record<string, string>>;
}

function ask(home: Home, name: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port: home.httpPort, headers: { host: `${name}.localhost` }, timeout: 2000, agent: false },
      (answer) => {
        answer.setEncoding('utf8');
        let body = '';
        answer.on('data', (text: string) => {
          body += text;
        });
        answer.on('end', () =>
          resolve(answer.statusCode === 200 ? (body.split(' ')[0] ?? '') : `status ${answer.statusCode}`),
        );
        answer.on('error', () => resolve('broken'));
      },
    );
    asked
      .on('error', () => resolve('unreachable'))
      .on('timeout', () => asked.destroy())
      .end();
  });
}

/** The promise for every way in which a part of the machine may go, milliseconds. */
const promisedMs = 30_000;

interface Limit {
  /** When the part went; `performance.now()`. Default: now. */
  readonly begun?: number;
  readonly withinMs?: number;
}

/** Waits until both answer well, and meanwhile that neither ever answers for the other. Prints how long it took. */
async function bothAnswer({ home }: Scene, context: TestContext, limit: Limit = {}): Promise<void> {
  const { begun = performance.now(), withinMs = promisedMs } = limit;
  const last: Record<string, string> = {};
  await until(
    async () => {
      for (const name of ['one', 'two']) last[name] = await ask(home, name);
      assert.ok(
        last.one !== 'two' && last.two !== 'one',
        `a name answered with another project: ${JSON.stringify(last)}`,
      );
      return last.one === 'one' && last.two === 'two';
    },
    withinMs - (performance.now() - begun),
    () => `not back within ${withinMs} ms: ${JSON.stringify(last)}`,
  );
  context.diagnostic(`every route is back after ${Math.round(performance.now() - begun)} ms`);
}

/** Everything that ends with the power: daemon, proxy, containers, addresses. */
async function powerCut({ home, engine }: Scene): Promise<void> {
  process.kill(home.daemonPid(), 'SIGKILL');
  for (const pid of proxyPids(home)) process.kill(pid, 'SIGKILL');
  await engine.kill('SIGTERM');
  const block = JSON.parse(readFileSync(join(home.dir, 'docker/home.json'), 'utf8')) as { block: string };
  const prefix = block.block.split('.').slice(0, 2).join('.');
  for (const { address } of networkInterfaces().lo ?? []) {
    if (address.startsWith(`${prefix}.`)) spawnSync('ip', ['addr', 'del', `${address}/32`, 'dev', 'lo']);
  }
}

/** Processes of this home's proxy, by the configuration that they were started with. */
function proxyPids(home: Home): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const command = commandOf(pid);
      return command.includes('haproxy') && command.includes(home.dir);
    })
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended since the folder was read.
    return '';
  }
}

const options = { skip: reason ?? false, timeout: 180_000 };

test('after a restart of the engine every route is back within 30 s', options, (context) =>
  withTwoApps(async (scene) => {
    const begun = performance.now();
    await scene.engine.kill('SIGTERM');
    await scene.engine.start();
    await bothAnswer(scene, context, { begun });
  }),
);

test('with live-restore a restart and a crash of the engine go unnoticed', options, async (context) => {
  await using own = await startEngine({ liveRestore: true });
  await withTwoApps(async (scene) => {
    const before = containersOf(own);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await own.kill(signal);
      // Nobody is there to start anything: what answers now never stopped.
      await bothAnswer(scene, context, { withinMs: 1000 });
      await own.start();
      await bothAnswer(scene, context);
      assert.equal(containersOf(own), before, `the containers after ${signal}`);
    }
  }, own);
});

test('after kill -9 of the proxy, of the daemon and of both every route is back within 30 s', options, (context) =>
  withTwoApps(async (scene) => {
    const { home, env } = scene;
    const before = containersOf(scene.engine);
    killAll(proxyPids(home));
    await bothAnswer(scene, context);

    killAll([home.daemonPid()]);
    await bothAnswer(scene, context, { withinMs: 1000 });
    killAll(proxyPids(home));
    const begun = performance.now();
    const started = await home.cli(['daemon', 'start'], { env });
    assert.equal(started.code, 0, started.stderr);
    await bothAnswer(scene, context, { begun });
    assert.equal(containersOf(scene.engine), before, 'no container was replaced');
  }),
);

test('after a power cut every route is back within 30 s', options, (context) =>
  withTwoApps(async (scene) => {
    await powerCut(scene);
    const begun = performance.now();
    await scene.engine.start();
    const started = await scene.home.cli(['daemon', 'start'], { env: scene.env });
    assert.equal(started.code, 0, started.stderr);
    await bothAnswer(scene, context, { begun });
    // One instance answers before the other is ready.
    let status = await scene.home.status('one');
    const isHealthy = async () => {
      status = await scene.home.status('one');
      return status.state === 'healthy';
    };
    await until(isHealthy, promisedMs, () => JSON.stringify(status));
  }),
);

/** Which containers run, and since when. */
function containersOf(of: TestEngine): string {
  const ids = of.docker('ps', '-q', '--no-trunc').split('\n').toSorted();
  return of.docker('inspect', '-f', '{{.Id}} {{.State.StartedAt}}', ...ids);
}

function killAll(pids: readonly number[]): void {
  assert.ok(pids.length > 0, 'nothing to kill');
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}
