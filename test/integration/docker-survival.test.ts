import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { startEngine, type TestEngine, until, whyNoEngine } from '../support/docker.ts';
import { freshHome, type Home } from '../support/home.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

/** Two projects with a route each; `answers` tells which one answers for a name. */
async function withTwoApps(act: (scene: Scene) => Promise<void>): Promise<void> {
  engine ??= startEngine();
  const started = await engine;
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

/** Waits until both answer well, and meanwhile that neither ever answers for the other. */
async function bothAnswer({ home }: Scene, withinMs: number): Promise<void> {
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
    withinMs,
    () => `not back within ${withinMs} ms: ${JSON.stringify(last)}`,
  );
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

test('after a restart of the engine every route is back within 30 s', { skip: reason ?? false, timeout: 120_000 }, () =>
  withTwoApps(async (scene) => {
    await scene.engine.kill('SIGTERM');
    await scene.engine.start();
    await bothAnswer(scene, 30_000);
  }),
);

test('after a power cut every route is back within 30 s', { skip: reason ?? false, timeout: 120_000 }, () =>
  withTwoApps(async (scene) => {
    await powerCut(scene);
    await scene.engine.start();
    const started = await scene.home.cli(['daemon', 'start'], { env: scene.env });
    assert.equal(started.code, 0, started.stderr);
    await bothAnswer(scene, 30_000);
    const status = await scene.home.status('one');
    assert.equal(status.state, 'healthy', JSON.stringify(status));
  }),
);
