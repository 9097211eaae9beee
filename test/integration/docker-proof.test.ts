import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type AppProject, appProject } from '../support/app-project.ts';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { type EngineProxy, startEngineProxy } from '../support/docker-proxy.ts';
import { type CliResult, freshHome } from '../support/home.ts';

/** A proxy on the engine's socket writes down what the whole program asks of it, command by command. */

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

interface Scene {
  readonly engine: TestEngine;
  readonly proxy: EngineProxy;
  readonly app: AppProject;
  readonly cli: (...args: readonly string[]) => Promise<CliResult>;
  /** Runs a command that must succeed, and returns what it wrote to the engine. */
  readonly writesOf: (...args: readonly string[]) => Promise<readonly string[]>;
}

async function withApp(act: (scene: Scene) => Promise<void>): Promise<void> {
  engine ??= startEngine();
  const started = await engine;
  await using home = await freshHome();
  await using proxy = await startEngineProxy(started.socketPath, join(home.dir, 'engine.sock'));
  const env = { DOCKER_HOST: `unix://${proxy.socketPath}`, DOCKER_CONFIG: started.dir };
  const app = appProject(home);
  writeFileSync(
    join(app.folder, 'Dockerfile'),
    `FROM ${started.nodeImage()}\nWORKDIR /app\nCOPY server.mjs .\nENV HOST=0.0.0.0 PORT=8080\nCMD ["node","server.mjs"]\n`,
  );
  const cli: Scene['cli'] = (...args) => home.cli(args, { env, cwd: app.folder });
  const writesOf: Scene['writesOf'] = async (...args) => {
    const before = proxy.calls.length;
    const result = await cli(...args);
    assert.ok(
      [0, 10].includes(result.code),
      `timonel ${args.join(' ')}: ${result.stdout.slice(-2000)}${result.stderr}`,
    );
    const made = new Set(proxy.calls.slice(before));
    return proxy.writes().flatMap((call) => (made.has(call) ? [`${call.method} ${call.path}`] : []));
  };
  try {
    await act({ engine: started, proxy, app, cli, writesOf });
  } finally {
    await cli('down', '--all', '-y');
  }
}

function write({ app, engine }: Scene, version: number): void {
  app.write({
    env: { VERSION: version },
    file: `  db:
    image: ${engine.shellImage()}
    command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"]
    volumes: ["data:/data"]
volumes: { data: {} }
x-timonel: { runtime: docker }
`,
  });
}

function database({ engine }: Scene): string {
  const id = engine.docker('ps', '-q', '--no-trunc', '--filter', 'label=com.docker.compose.service=db');
  assert.match(id, /^[0-9a-f]{64}$/);
  return engine.docker('inspect', '-f', '{{.Id}} {{.State.StartedAt}} {{.RestartCount}}', id);
}

const isVolumeDeletion = (write: string) => /^DELETE \/volumes\//.test(write) || write === 'POST /volumes/prune';

test(
  'plan writes nothing, a change of web leaves the database alone, and only who names data deletes it',
  {
    skip: reason ?? false,
    timeout: 300_000,
  },
  () =>
    withApp(async (scene) => {
      const { engine, writesOf, cli } = scene;
      // Somebody else's, with names that look like ours.
      engine.docker('volume', 'create', 'app_data_2');
      engine.docker('create', '--name', 'app-other', engine.shellImage(), 'true');
      const foreign = () =>
        `${engine.docker('inspect', '-f', '{{.Id}}', 'app-other')} ${engine.docker('volume', 'ls', '-q', '--filter', 'name=app_data_2')}`;
      const others = foreign();

      write(scene, 1);
      assert.deepEqual(await writesOf('plan'), [], 'plan before the first deployment');
      assert.notDeepEqual(await writesOf('deploy', '--json'), []);
      const db = database(scene);

      write(scene, 2);
      assert.deepEqual(await writesOf('plan'), [], 'plan of a change');
      assert.deepEqual(await writesOf('deploy', '--dry-run'), [], 'deploy --dry-run');
      const commands: readonly (readonly string[])[] = [
        ['deploy', '--json'],
        ['deploy', '--json'],
        ['scale', 'web=3', '--json'],
        ['restart', 'web', '--json'],
        ['rollback', '--json'],
      ];
      const writes: string[] = [];
      for (const command of commands) {
        writes.push(...(await writesOf(...command)));
        assert.equal(database(scene), db, `the database after ${command.join(' ')}`);
      }
      const [id = ''] = db.split(' ');
      assert.deepEqual(
        writes.filter((one) => one.includes(id)),
        [],
        'nothing was even asked of the database',
      );
      for (const command of [['status'], ['ps'], ['releases'], ['logs', '--tail', '3'], ['volume', 'ls']])
        assert.deepEqual(await writesOf(...command), [], command.join(' '));
      writes.push(...(await writesOf('stop', '--json')), ...(await writesOf('start', '--json')));
      writes.push(...(await writesOf('down', '-y', '--json')));
      assert.deepEqual(writes.filter(isVolumeDeletion), []);
      assert.equal(engine.docker('volume', 'ls', '-q', '--filter', 'label=com.docker.compose.project=app'), 'app_data');

      assert.notDeepEqual(await writesOf('deploy', '--json'), []);
      assert.equal((await cli('down', '-v', '-y')).code, 2, 'data is deleted by a word of its own');
      const last = await writesOf('down', '-v', '-y', '--yes-delete-data', '--json');
      assert.deepEqual(last.filter(isVolumeDeletion), ['DELETE /volumes/app_data']);
      assert.equal(foreign(), others, 'what only looks like ours is untouched');
      engine.docker('rm', 'app-other');
      engine.docker('volume', 'rm', 'app_data_2');
    }),
);
