import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { type CliResult, freshHome, type Home } from '../support/home.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

type Cli = (args: readonly string[], input?: string) => Promise<CliResult>;

/** The app of the tests in two containers, with a volume, and the command line to it. */
async function withApp(act: (scene: { cli: Cli; engine: TestEngine; folder: string; home: Home }) => Promise<void>) {
  engine ??= startEngine();
  const started = await engine;
  await using home = await freshHome();
  const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
  const app = appProject(home);
  const cli: Cli = (args, input) => home.cli(args, { env, cwd: app.folder, ...(input === undefined ? {} : { input }) });
  writeFileSync(
    join(app.folder, 'Dockerfile'),
    `FROM ${started.nodeImage()}\nWORKDIR /app\nCOPY server.mjs .\nENV HOST=0.0.0.0 PORT=8080\nCMD ["node","server.mjs"]\n`,
  );
  app.write({
    env: { VERSION: 1, PLAIN: 'a$$b c' },
    service: 'x-note: 1',
    file: `  store:
    image: ${started.shellImage()}
    command: [sh, -c, "while true; do sleep 0.2; done"]
    volumes: ["data:/data"]
volumes: { data: {} }
`,
  });
  try {
    await act({ cli, engine: started, folder: app.folder, home });
  } finally {
    await cli(['down', '--all', '-y']);
  }
}

function ok(result: CliResult): string {
  assert.equal(result.code, 0, result.stdout + result.stderr);
  return result.stdout;
}

test(
  'build and pull make everything ready, so that the deployment has nothing to make',
  { skip: reason ?? false, timeout: 120_000 },
  () =>
    withApp(async ({ cli, engine }) => {
      const built = await cli(['build', '--runtime', 'docker']);
      assert.match(ok(built), /web\s+build:[0-9a-f]+/);
      assert.match(built.stderr, /COPY server\.mjs/);
      assert.match(ok(await cli(['pull', '--runtime', 'docker'])), /store\s+sha256:[0-9a-f]+/);
      assert.equal(engine.docker('ps', '-aq', '--filter', 'label=io.timonel.project=app'), '');
      const events = ok(await cli(['deploy', '--runtime', 'docker', '--json']));
      assert.doesNotMatch(events, /step-progress","step":"prepare/);
      const unknown = await cli(['build', 'nobody', '--runtime', 'docker']);
      assert.equal(unknown.code, 2);
      assert.match(unknown.stderr, /no service nobody; it has web, store|it has store, web/);
    }),
);

test('ps, exec, run and top work inside what serves', { skip: reason ?? false, timeout: 120_000 }, () =>
  withApp(async ({ cli, engine }) => {
    ok(await cli(['deploy', '--runtime', 'docker', '--json']));
    assert.match(ok(await cli(['ps'])), /app\s+web-r1-1\s+web\s+healthy\s+1\s+10\.[\d.]+\s+[0-9a-f]{12}/);
    assert.deepEqual(
      ok(await cli(['ps', 'web', '-q']))
        .trim()
        .split('\n'),
      ['web-r1-1', 'web-r1-2'],
    );
    assert.equal(engine.docker('ps', '-q', '--filter', 'label=com.docker.compose.project=app').split('\n').length, 3);

    assert.equal(ok(await cli(['exec', 'web', 'sh', '-c', 'echo "$PLAIN"'])), 'a$b c\n');
    assert.equal(ok(await cli(['exec', 'web-r1-2', '--', 'sh', '-c', 'echo $INSTANCE_ID'])), 'web-r1-2\n');
    assert.equal((await cli(['exec', 'web', 'sh', '-c', 'exit 9'])).code, 9);
    assert.equal(ok(await cli(['exec', '-T', 'web', 'cat'], 'typed\n')), 'typed\n');
    const asJson = JSON.parse(ok(await cli(['exec', '--json', 'web', 'sh', '-c', 'echo "$PLAIN"']))) as object;
    assert.deepEqual(asJson, { code: 0, timedOut: false, output: 'a$b c\n', instance: 'web-r1-1' });
    assert.match((await cli(['exec', 'nobody', 'true'])).stderr, /has no service nobody/);

    const once = JSON.parse(ok(await cli(['run', '--json', 'web', 'node', '-p', 'process.env.PLAIN + 1']))) as {
      output: string;
    };
    assert.equal(once.output, 'a$b c1\n');
    assert.equal((await cli(['run', 'web', 'sh', '-c', 'exit 4'])).code, 4);
    assert.equal(engine.docker('ps', '-aq', '--filter', 'label=io.timonel.oneoff'), '', 'nothing is left');
    const late = await cli(['run', '--timeout', '500ms', 'web', 'sleep', '30']);
    assert.equal(late.code, 1);
    assert.match(late.stderr, /too long/);

    assert.match(ok(await cli(['top', 'web'])), /web-r1-1\n[\s\S]*node server\.mjs/);
  }),
);

test(
  'stop and start: services and the whole project, data stays until it is named',
  { skip: reason ?? false, timeout: 180_000 },
  () =>
    withApp(async ({ cli, engine, home }) => {
      ok(await cli(['deploy', '--runtime', 'docker', '--json']));
      ok(await cli(['exec', 'store', 'sh', '-c', 'echo kept > /data/file']));
      ok(await cli(['stop', 'web', '--json']));
      assert.deepEqual(ok(await cli(['ps', '-q'])).trim(), 'store-r1-1');
      ok(await cli(['start', 'web', '--json']));
      assert.equal(
        ok(await cli(['ps', 'web', '-q']))
          .trim()
          .split('\n').length,
        2,
      );
      ok(await cli(['stop', '--json']));
      assert.equal((await home.status('app')).state, 'stopped');
      assert.equal(engine.docker('ps', '-aq', '--filter', 'label=io.timonel.project=app'), '');
      ok(await cli(['start', '--json']));
      assert.equal((await home.status('app')).state, 'healthy');
      assert.equal(ok(await cli(['exec', 'store', 'cat', '/data/file'])), 'kept\n');

      assert.match(ok(await cli(['volume', 'ls'])), /app_data\s+app/);
      const refused = await cli(['down', '-v', '-y']);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /deletes data for good: app_data/);
      assert.equal((await home.status('app')).state, 'healthy', 'nothing was touched');
      assert.equal((await cli(['volume', 'rm', 'app_data'])).code, 2);
      assert.match((await cli(['volume', 'rm', 'app_data', '--yes-delete-data'])).stderr, /used by a container/);
      assert.match((await cli(['volume', 'rm', 'other', '--yes-delete-data'])).stderr, /there are: app_data/);
      ok(await cli(['down', '-v', '-y', '--yes-delete-data']));
      assert.equal(engine.docker('volume', 'ls', '-q', '--filter', 'name=app_data'), '');
    }),
);
