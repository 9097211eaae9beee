import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ProjectStatus } from '#model/status.ts';
import { startEngine, type TestEngine, until, whyNoEngine } from '../support/docker.ts';
import { succeeded } from '../support/events.ts';
import { type CliResult, freshHome, type Home, root } from '../support/home.ts';
import { type LoadOptions, type LoadReport, renderReport, startLoad } from '../support/load.ts';

const reason =
  whyNoEngine() ??
  (spawnSync('docker-compose', ['version']).status === 0 ? undefined : 'the adoption tests need docker-compose');
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

interface Scene {
  readonly engine: TestEngine;
  readonly home: Home;
  readonly port: number;
  cli(args: readonly string[]): Promise<CliResult>;
  /** As `cli`, and must end well. */
  ok(...args: readonly string[]): Promise<string>;
  compose(...args: readonly string[]): string;
  /** Writes the Compose file. `web` are more lines of that service. */
  write(version: number, web?: string): void;
  /** Ids and start times of the containers of a service. */
  running(service: string): string;
}

/** Two containers of the app behind a published port, and one with a volume, which Docker Compose started. */
function check(name: string, act: (scene: Scene) => Promise<void>): void {
  test(name, { skip: reason ?? false, timeout: 300_000 }, async () => {
    engine ??= startEngine();
    const started = await engine;
    await using home = await freshHome();
    const scene = await makeScene(started, home);
    try {
      scene.compose('up', '-d');
      await until(async () => answers(scene.port), 30_000);
      await act(scene);
    } finally {
      await scene.cli(['down', '--all', '-y']);
      scene.compose('down', '-v', '--remove-orphans');
    }
  });
}

async function makeScene(engine: TestEngine, home: Home): Promise<Scene> {
  const env = { DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.dir };
  const folder = join(home.dir, 'taken');
  mkdirSync(folder);
  copyFileSync(join(root, 'test/fixtures/app/server.mjs'), join(folder, 'server.mjs'));
  const port = home.httpPort + 7;
  const cli: Scene['cli'] = (args) => home.cli(args, { env, cwd: folder });
  const scene: Scene = {
    ...{ engine, home, port, cli },
    async ok(...args) {
      const result = await cli(args);
      assert.equal(result.code, 0, `timonel ${args.join(' ')}\n${result.stdout.slice(-3000)}\n${result.stderr}`);
      return result.stdout;
    },
    compose(...args) {
      const result = spawnSync('docker-compose', args, {
        cwd: folder,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      assert.equal(result.status, 0, `docker-compose ${args.join(' ')}\n${result.stderr}`);
      return result.stdout;
    },
    write: (version, web = '') => writeFileSync(join(folder, 'compose.yaml'), composeFile(engine, port, version, web)),
    running: (service) => {
      const ids = engine.docker('ps', '-q', '--no-trunc', '--filter', `label=com.docker.compose.service=${service}`);
      return engine.docker('inspect', '-f', '{{.Id}} {{.State.StartedAt}}', ...ids.split('\n').toSorted());
    },
  };
  scene.write(1);
  return scene;
}

function composeFile(engine: TestEngine, port: number, version: number, web: string): string {
  return `services:
  web:
    image: ${engine.nodeImage()}
    command: [node, /app/server.mjs]
    environment: { VERSION: "${version}", PORT: "8080", HOST: 0.0.0.0, INSTANCE_ID: "v${version}" }
    volumes: ["./server.mjs:/app/server.mjs:ro"]
    ports: ["127.0.0.1:${port}:8080"]
    restart: always
    x-timonel: { probe: { http: /health, interval: 200ms }, observe: 1s }
${web}  store:
    image: ${engine.shellImage()}
    command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"]
    volumes: ["data:/data"]
volumes: { data: {} }
`;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function underLoad(options: LoadOptions, work: () => Promise<void>): Promise<LoadReport> {
  const load = startLoad(options);
  try {
    await work();
  } finally {
    await load.stop();
  }
  return load.stop();
}

check('a stack of Docker Compose is adopted, deployed and rolled back under load, nothing lost', async (scene) => {
  const { engine, port, ok, write, running } = scene;
  engine.docker('exec', 'taken_store_1', 'sh', '-c', 'echo kept > /data/file');
  const [web, store] = [running('web'), running('store')];
  const load: LoadOptions = {
    ...{ address: '127.0.0.1', port, host: 'taken' },
    workers: { 'keep-alive': 2, think: 4, fresh: 4, post: 2, slow: 1 },
  };
  const dry = JSON.parse(await ok('adopt', '--dry-run', '--json')) as { release?: number; services: object[] };
  assert.equal(dry.release, undefined);
  assert.equal(dry.services.length, 2);
  const adopting = await underLoad(load, async () => {
    const adopted = JSON.parse(await ok('adopt', '--json')) as {
      release: number;
      services: { service: string; fits: boolean }[];
      findings: { code: string; message: string }[];
    };
    assert.equal(adopted.release, 1);
    assert.deepEqual(
      adopted.services.map((one) => [one.service, one.fits]),
      [
        ['web', true],
        ['store', true],
      ],
      JSON.stringify(adopted.findings),
    );
  });
  console.log(`adoption: ${renderReport(adopting)}`);
  assert.deepEqual(adopting.failures, []);
  assert.deepEqual([running('web'), running('store')], [web, store], 'no container was touched');
  const status = await scene.home.status('taken');
  assert.deepEqual([status.state, status.release], ['healthy', 1], JSON.stringify(status, null, 1));
  assert.match((await scene.cli(['adopt'])).stderr, /Timonel's already/);
  assert.match(await ok('deploy', '--json'), /"state":"succeeded"/);
  assert.deepEqual([running('web'), running('store')], [web, store], 'the same file changes nothing');

  const deploying = await underLoad(load, async () => {
    write(2);
    succeeded(await scene.cli(['deploy', '--json']));
    succeeded(await scene.cli(['rollback', '--json']));
    write(3);
    succeeded(await scene.cli(['deploy', '--json']));
  });
  console.log(`deployments after it: ${renderReport(deploying)}`);
  assert.deepEqual(deploying.failures, []);
  assert.ok(deploying.byInstance.v2 !== undefined && deploying.byInstance.v3 !== undefined);
  assert.equal(running('store'), store, 'the service with data was left alone');
  assert.equal(await ok('exec', 'store', 'cat', '/data/file'), 'kept\n');
  const { id } = JSON.parse(readFileSync(join(scene.home.dir, 'docker/home.json'), 'utf8')) as { id: string };
  const rules = spawnSync('iptables', ['-t', 'nat', '-S'], { encoding: 'utf8' }).stdout;
  assert.ok(!rules.includes(`TIMONEL-D-${id}`), rules);
  assert.ok(await answers(port), 'the proxy listens on the published port itself');
});

check('connections open before the adoption lose at most their last request', async (scene) => {
  const { port, ok, write, compose } = scene;
  const load: LoadOptions = {
    ...{ address: '127.0.0.1', port, host: 'taken' },
    workers: { 'keep-alive': 2, think: 2, fresh: 4 },
  };
  write(2);
  const peer = await underLoad(load, async () => {
    compose('up', '-d', 'web');
    await until(async () => answers(port), 30_000);
  });
  const ours = await underLoad(load, async () => {
    const { findings } = JSON.parse(await ok('adopt', '--json')) as { findings: { code: string; message: string }[] };
    const told = findings.find((one) => one.code === 'ADOPT_OPEN_CONNECTIONS');
    // Those of the workers that keep theirs; the others open and close all the time.
    assert.ok(Number(/\((\d+)\)/.exec(told?.message ?? '')?.[1]) >= 4, JSON.stringify(findings));
    write(3);
    succeeded(await scene.cli(['deploy', '--json']));
  });
  console.log(`docker-compose up -d: ${renderReport(peer)}`);
  console.log(`adopt and deploy, connections open before: ${renderReport(ours)}`);
  const kept = ours.failures.filter((one) => one.kind !== 'fresh');
  assert.deepEqual(kept, ours.failures, 'no new connection failed');
  assert.ok(kept.length <= 4, 'one request for each connection that was open before');
});

check('what runs otherwise than the file says is listed, replaced, and can be gone back to', async (scene) => {
  const { cli, ok, write, running, engine, port } = scene;
  write(2, '    user: "1000"\n    volumes: ["data:/more"]\n'.replace(/ {4}volumes.*\n/, ''));
  const [web, store] = [running('web'), running('store')];
  const told = JSON.parse(await ok('adopt', '--json')) as {
    services: { service: string; fits: boolean }[];
    findings: { code: string; message: string; severity: string }[];
  };
  const codes = told.findings.filter((one) => one.severity === 'warning').map((one) => one.message);
  assert.ok(
    codes.some((one) => /web: the variable VERSION has another value/.test(one)),
    codes.join('\n'),
  );
  assert.ok(
    codes.some((one) => /web: user is - in the container and 1000 in the file/.test(one)),
    codes.join('\n'),
  );
  assert.deepEqual(
    told.services.map((one) => one.fits),
    [false, true],
  );
  assert.deepEqual([running('web'), running('store')], [web, store]);
  const bodyOf = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();
  assert.match(await bodyOf(), /^1 v1/);
  succeeded(await cli(['deploy', '--json']));
  assert.match(await bodyOf(), /^2 /);
  assert.equal(running('store'), store);
  succeeded(await cli(['rollback', '--json']));
  assert.match(await bodyOf(), /^1 v1/, 'what ran when it was adopted');
  assert.equal(engine.docker('volume', 'ls', '-q', '--filter', 'name=taken_data'), 'taken_data');
});

check('adopted containers are looked after: a crash, the daemon’s death, logs, exec and names', async (scene) => {
  const { cli, ok, engine, running, home, port } = scene;
  await ok('adopt', '--json');
  const container = running('web').split(' ')[0] ?? '';
  process.kill(home.daemonPid(), 'SIGKILL');
  assert.ok(await answers(port), 'the proxy does not mind');
  // Not by the home, which would start a daemon that asks another engine.
  const status = async () => JSON.parse((await cli(['status', '--json'])).stdout) as ProjectStatus;
  await until(async () => (await status()).state === 'healthy', 30_000);
  assert.match(await ok('logs', 'web'), /starting v1 version 1/);
  assert.equal(await ok('exec', 'web', 'sh', '-c', 'echo inside'), 'inside\n');
  engine.docker('kill', '-s', 'KILL', container);
  await until(async () => answers(port), 30_000);
  await until(async () => (await status()).state === 'healthy', 30_000);
  assert.match(running('web'), new RegExp(container), 'the same container runs again');
  const instance = (await status()).services.find((one) => one.name === 'web')?.instances[0];
  assert.deepEqual([instance?.id, instance?.restarts, instance?.container], ['web-r1-1', 1, container]);
  assert.match(await ok('ps'), /web-r1-1/);
  assert.match((await cli(['adopt', '-p', 'nobody'])).stderr, /no container that Docker Compose made for nobody/);
});
