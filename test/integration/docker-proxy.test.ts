import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type AppProject, appProject } from '../support/app-project.ts';
import { startEngine, type TestEngine, until, whyNoEngine } from '../support/docker.ts';
import { type CliResult, freshHome, type Home, processesOf } from '../support/home.ts';
import type { LoadOptions } from '../support/load.ts';
import { startRegistry } from '../support/registry.ts';
import { withoutLoss } from '../support/without-loss.ts';

/*
 * A machine with Docker and without HAProxy: the proxy is a container, and all that holds for the host's holds for it.
 * One machine for all tests, each leaves it serving to the next.
 */

const reason = whyNoEngine();
const options = { skip: reason ?? false, timeout: 180_000 };

interface Machine extends AsyncDisposable {
  readonly engine: TestEngine;
  readonly home: Home;
  readonly app: AppProject;
  cli(...args: readonly string[]): Promise<CliResult>;
  deploy(version: string, service?: string): Promise<void>;
  /** Does the app answer, through the edge? */
  answers(): Promise<boolean>;
  /** Its proxy's container. */
  proxy(): Promise<Proxy>;
}

interface Proxy {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
}

let started: Promise<Machine> | undefined;
const machine = (): Promise<Machine> => {
  started ??= startMachine();
  return started;
};
after(async () => (await started)?.[Symbol.asyncDispose]());

async function startMachine(): Promise<Machine> {
  const engine = await startEngine({ liveRestore: true });
  const home = await freshHome({ without: ['haproxy'] });
  engine.proxyImage();
  const env = { DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.dir };
  const app = appProject(home);
  const recipe = `FROM ${engine.nodeImage()}\nWORKDIR /app\nCOPY server.mjs .\nENV HOST=0.0.0.0 PORT=8080\nCMD ["node","server.mjs"]\n`;
  writeFileSync(join(app.folder, 'Dockerfile'), recipe);
  return {
    ...{ engine, home, app },
    cli: (...args) => home.ok(args, { env }),
    deploy: async (version, service = '') => {
      const result = await app.deploy(
        { env: { VERSION: version }, replicas: 1, service },
        { env, args: ['--runtime', 'docker'] },
      );
      assert.equal(result.code, 0, result.stdout.slice(-2000) + result.stderr);
    },
    answers: () => answers(home.httpPort, app.host),
    proxy: async () => {
      const ids = engine.docker('ps', '-q', '--no-trunc', '--filter', 'label=io.timonel.proxy');
      const [id = '', name = '', pid = ''] = engine
        .docker('inspect', '-f', '{{.Id}} {{.Name}} {{.State.Pid}}', ids)
        .split(' ');
      return { id, name: name.slice(1), pid: Number(pid) };
    },
    [Symbol.asyncDispose]: async () => {
      await home[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, headers: { host }, timeout: 2000, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200));
    });
    asked.on('error', () => resolve(false)).on('timeout', () => asked.destroy());
    asked.end();
  });
}

function underLoad({ home, app }: Machine, work: () => Promise<void>): Promise<void> {
  const load: LoadOptions = {
    ...{ address: '127.0.0.1', port: home.httpPort, host: app.host },
    workers: { 'keep-alive': 1, think: 4, fresh: 4, post: 2, slow: 1, websocket: 0 },
    path: (kind) => (kind === 'slow' ? '/slow/800' : '/'),
  };
  return withoutLoss(load, work, { least: 100 });
}

/** Processes of HAProxy that run for the home. */
function proxyProcesses({ home }: Machine): readonly number[] {
  return processesOf(home.dir).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('haproxy\0'));
}

test('where the host has no HAProxy it runs in a container, and no request is lost', options, async () => {
  const at = await machine();
  await at.deploy('1');
  const first = await at.proxy();
  assert.match(first.name, /^timonel-proxy-[0-9a-f]{12}$/);
  const before = proxyProcesses(at);
  assert.ok(before.includes(first.pid), 'the container is the proxy of this home');
  // Another port to listen on takes a reload; this one is free.
  await underLoad(at, () => at.deploy('2', `ports: ["127.0.0.1:${at.home.httpsPort}:8080"]`));
  assert.notDeepEqual(proxyProcesses(at), before, 'another worker serves');
  assert.deepEqual(await at.proxy(), first, 'the container stays');
});

test('it outlives the daemon, and the next daemon goes on with it', options, async () => {
  const at = await machine();
  const before = await at.proxy();
  await underLoad(at, async () => {
    process.kill(at.home.daemonPid(), 'SIGKILL');
    await at.cli('daemon', 'start');
    await at.deploy('3');
  });
  assert.deepEqual(await at.proxy(), before);
});

test('killed, it is back in seconds, and nothing of the old one is left', options, async (context) => {
  const at = await machine();
  for (const kill of ['docker', 'master'] as const) {
    const before = await at.proxy();
    const old = proxyProcesses(at);
    const begun = performance.now();
    if (kill === 'docker') at.engine.docker('kill', '--signal', 'KILL', before.name);
    else process.kill(before.pid, 'SIGKILL');
    await until(async () => !old.some((pid) => existsSync(`/proc/${pid}`)) && (await at.answers()), 10_000);
    context.diagnostic(`${kill}: back after ${Math.round(performance.now() - begun)} ms`);
    assert.notEqual((await at.proxy()).id, before.id);
    assert.equal(at.engine.docker('ps', '-aq', '--filter', 'label=io.timonel.proxy').split('\n').length, 1);
  }
  const log = readFileSync(join(at.home.dir, 'haproxy/haproxy.log'), 'utf8');
  assert.match(log, /New worker/, 'what the dead ones said stays in the home');
});

test('with live-restore a restart of the engine goes unnoticed', options, async () => {
  const at = await machine();
  const before = await at.proxy();
  await underLoad(at, async () => {
    await at.engine.kill('SIGTERM');
    await at.engine.start();
  });
  assert.deepEqual(await at.proxy(), before);
});

test('without live-restore it is back within 30 s', options, async (context) => {
  const at = await machine();
  const old = proxyProcesses(at);
  await at.engine.kill('SIGTERM');
  const begun = performance.now();
  // Such an engine ends the containers that it finds.
  await at.engine.start({ liveRestore: false });
  await until(at.answers, 30_000);
  context.diagnostic(`back after ${Math.round(performance.now() - begun)} ms`);
  assert.ok(!old.some((pid) => existsSync(`/proc/${pid}`)), 'the old one ended');
});

test('down leaves nothing', options, async () => {
  const at = await machine();
  await at.cli('down', '--all', '-y');
  assert.equal(at.engine.docker('ps', '-aq'), '');
  assert.deepEqual(proxyProcesses(at), []);
  const status = await at.cli('daemon', 'stop');
  assert.match(status.stdout, /ended/);
});

test('an image that somebody names is fetched and used, also where the host has HAProxy', options, async () => {
  const { engine } = await machine();
  await using registry = await startRegistry();
  registry.push('edge/haproxy', '3', exported(engine, engine.proxyImage()));
  await using home = await freshHome();
  const app = appProject(home, 'named');
  const deploy = (tag: string) => {
    const image = `${registry.host}/edge/haproxy:${tag}`;
    const env = { DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.dir, TIMONEL_PROXY_IMAGE: image };
    return app.deploy({ env: { VERSION: '1' }, replicas: 1 }, { env });
  };
  const absent = await deploy('4');
  assert.notEqual(absent.code, 0);
  assert.match(absent.stdout + absent.stderr, /PROXY_IMAGE_MISSING.*docker pull .*edge\/haproxy:4/s);
  await home.ok(['daemon', 'stop']);
  const present = await deploy('3');
  assert.equal(present.code, 0, present.stdout + present.stderr);
  assert.match(present.stderr, /fetched .*edge\/haproxy:3/);
  assert.ok(await answers(home.httpPort, app.host), 'instances of the process runtime are behind it');
  const image = engine.docker('ps', '--format', '{{.Image}}', '--filter', 'label=io.timonel.proxy');
  assert.equal(image, `${registry.host}/edge/haproxy:3`);
  await home.ok(['down', '--all', '-y']);
  assert.equal(engine.docker('ps', '-aq'), '');
});

/** An image's files as one layer. */
function exported(engine: TestEngine, image: string): Buffer {
  const id = engine.docker('create', image, 'none');
  const env = { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}` };
  const { stdout } = spawnSync('docker', ['export', id], { env, maxBuffer: 256 << 20 });
  engine.docker('rm', id);
  return stdout;
}
