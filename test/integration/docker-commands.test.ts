import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { startEngine, type TestEngine, until, whyNoEngine } from '../support/docker.ts';
import { endOf } from '../support/events.ts';
import { type CliResult, freshHome, type Home, root } from '../support/home.ts';

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
    command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"]
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

/** What `docker-compose ps` shows of a project; undefined, and said so, on a machine without it. */
function composePs(engine: TestEngine, home: Home, project: string, services: readonly string[]): string | undefined {
  const file = join(home.dir, 'as-compose-sees-it.yaml');
  writeFileSync(file, `services:\n${services.map((name) => `  ${name}: { image: any }\n`).join('')}`);
  const result = spawnSync('docker-compose', ['-p', project, '-f', file, 'ps'], {
    env: { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}` },
    encoding: 'utf8',
  });
  if (result.error !== undefined) {
    console.log('docker-compose is not installed, so what it shows was not looked at');
    return undefined;
  }
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

/** A command line typed in a terminal, where `typed` is typed next. */
function inTerminal(
  home: Home,
  args: readonly string[],
  { engine, folder, typed }: { readonly engine: TestEngine; readonly folder: string; readonly typed: string },
): SpawnSyncReturns<string> {
  const line = [join(root, 'timonel'), ...args].join(' ');
  const env = { ...home.env, DOCKER_HOST: `unix://${engine.socketPath}` };
  return spawnSync('script', ['-qec', line, '/dev/null'], { encoding: 'utf8', cwd: folder, env, input: typed });
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

test(
  'build --no-cache and --build-arg give a release of its own, which can be gone back from',
  { skip: reason ?? false, timeout: 180_000 },
  () =>
    withApp(async ({ cli, engine, folder, home }) => {
      const recipe = `FROM ${engine.nodeImage()}\nARG WHO=nobody\nRUN od -An -N8 -tx8 /dev/urandom > /stamp && echo "$WHO" > /who\n`;
      const rest = 'WORKDIR /app\nCOPY server.mjs .\nENV HOST=0.0.0.0 PORT=8080\nCMD ["node","server.mjs"]\n';
      writeFileSync(join(folder, 'Dockerfile'), `${recipe}${rest}`);
      const inside = async (path: string) => ok(await cli(['exec', '-T', 'web', 'cat', path])).trim();
      const deploy = async () => ok(await cli(['up', '-d', '--build', '--runtime', 'docker', '--json']));
      const build = async (...args: readonly string[]) => {
        const built = ok(await cli(['build', '--runtime', 'docker', '-q', ...args]));
        return /web\s+(build:[0-9a-f]+)/.exec(built)?.[1];
      };
      const first = await build();
      await deploy();
      const stamp = await inside('/stamp');
      const second = await build('--no-cache', 'web');
      assert.notEqual(second, first);
      assert.equal(await build(), second, 'and so it stays');
      assert.equal((await cli(['plan', '--runtime', 'docker'])).code, 10, 'the next deployment replaces');
      await deploy();
      const fresh = await inside('/stamp');
      assert.notEqual(fresh, stamp);
      ok(await cli(['rollback', '--json']));
      assert.equal(await inside('/stamp'), stamp, 'the image from before');
      const third = await build('--build-arg', 'WHO=ana');
      assert.ok(third !== first && third !== second);
      // Made, and not yet deployed: what others deploy in between does not take it away.
      ok(await cli(['scale', 'web=1', '--json']));
      await deploy();
      assert.equal(await inside('/who'), 'ana');
      assert.equal((await home.status('app')).state, 'healthy');
      const plain = 'services: { web: { build: ., x-timonel: { process: { command: [node, server.mjs] } } } }\n';
      writeFileSync(join(folder, 'plain.yaml'), plain);
      const refused = await cli(['build', '-f', 'plain.yaml', '--no-cache', '--runtime', 'process']);
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(refused.stderr, /builds no image/);
    }),
);

test('ps, exec, run and top work inside what serves', { skip: reason ?? false, timeout: 120_000 }, () =>
  withApp(async ({ cli, engine, folder, home }) => {
    ok(await cli(['deploy', '--runtime', 'docker', '--json']));
    assert.match(ok(await cli(['ps'])), /app\s+web-r1-1\s+web\s+healthy\s+1\s+10\.[\d.]+\s+[0-9a-f]{12}/);
    const ids = ok(await cli(['ps', 'web', '-q']))
      .trim()
      .split('\n');
    assert.deepEqual(
      engine.docker('inspect', '-f', '{{.Name}}', ...ids).split('\n'),
      ['/app-web-r1-1', '/app-web-r1-2'],
      'docker takes what ps -q prints',
    );
    assert.equal(ok(await cli(['exec', (ids[1] ?? '').slice(0, 12), 'sh', '-c', 'echo $INSTANCE_ID'])), 'web-r1-2\n');
    assert.equal(ok(await cli(['exec', '-it', '--index', '2', 'web', 'sh', '-c', 'echo $INSTANCE_ID'])), 'web-r1-2\n');
    assert.equal(ok(await cli(['ps', '--services', '-a'])), 'web\nstore\n');
    assert.equal(
      ok(await cli(['ps', 'web', 'store', '-q']))
        .trim()
        .split('\n').length,
      3,
    );
    ok(await cli(['exec', '-d', 'web', 'touch', '/app/behind']));
    await until(async () => (await cli(['exec', '-T', 'web', 'ls', '/app/behind'])).code === 0, 10_000);
    const lines = ok(await cli(['logs', 'web', 'store', '-t', '--no-color', '--tail', 'all']));
    assert.match(lines, /web-r1-1 \| listening/);
    assert.match(ok(await cli(['logs', 'web', '--no-log-prefix', '-n', '1'])), /^listening on .*\n$/);
    assert.equal(engine.docker('ps', '-q', '--filter', 'label=com.docker.compose.project=app').split('\n').length, 3);

    assert.equal(ok(await cli(['exec', 'web', 'sh', '-c', 'echo "$PLAIN"'])), 'a$b c\n');
    assert.equal(ok(await cli(['exec', 'web-r1-2', '--', 'sh', '-c', 'echo $INSTANCE_ID'])), 'web-r1-2\n');
    assert.equal((await cli(['exec', 'web', 'sh', '-c', 'exit 9'])).code, 9);
    const told = ['node', '-p', '[process.env.ONE, process.getuid(), process.cwd()].join(" ")'];
    const wished = ['-T', '-e', 'ONE=a b', '-u', '1000', '-w', '/proc', 'web', ...told];
    assert.equal(ok(await cli(['exec', ...wished])), 'a b 1000 /proc\n');
    const refused = await cli(['exec', '--json', '-e', 'ONE=1', 'web', 'true']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr + refused.stdout, /--env works in containers only/);
    assert.equal(ok(await cli(['exec', '-T', 'web', 'cat'], 'typed\n')), 'typed\n');
    const asJson = JSON.parse(ok(await cli(['exec', '--json', 'web', 'sh', '-c', 'echo "$PLAIN"']))) as object;
    assert.deepEqual(asJson, { code: 0, timedOut: false, output: 'a$b c\n', instance: 'web-r1-1' });
    for (const command of [
      ['exec', 'nobody', 'true'],
      ['ps', 'nobody'],
      ['logs', 'nobody'],
      ['logs', '-f', 'nobody'],
    ]) {
      const unknown = await cli(command);
      assert.equal(unknown.code, 2, command.join(' '));
      assert.match(unknown.stderr, /has no service nobody; it has web, store/);
    }

    const once = JSON.parse(ok(await cli(['run', '--json', 'web', 'node', '-p', 'process.env.PLAIN + 1']))) as {
      output: string;
    };
    assert.equal(once.output, 'a$b c1\n');
    assert.equal(ok(await cli(['run', '--rm', '--no-deps', ...wished])), 'a b 1000 /proc\n');
    const both = await cli(['run', '-T', 'web', 'sh', '-c', 'cat; echo aside >&2; exit 3'], 'typed\n');
    assert.deepEqual([both.code, both.stdout, both.stderr], [3, 'typed\n', 'aside\n']);
    const typed = 'test -t 0 && test -t 1 && echo it is a terminal of $(id -u)\nexit 6\n';
    const sat = inTerminal(home, ['run', '-u', '1000', 'web', 'sh'], { engine, folder, typed });
    assert.equal(sat.status, 6, sat.stdout);
    assert.match(sat.stdout, /\nit is a terminal of 1000\r\n/);
    const absent = await cli(['run', 'web', 'no-such-program']);
    assert.equal(absent.code, 1);
    assert.match(absent.stderr, /could not be started.*no-such-program/);
    const listed = JSON.parse(ok(await cli(['ps', '--format', 'json']))) as { id: string }[];
    assert.equal(listed.length, 3);
    const composed = composePs(engine, home, 'app', ['web', 'store']);
    if (composed !== undefined)
      for (const id of ['web-r1-1', 'web-r1-2', 'store-r1-1']) assert.match(composed, new RegExp(`app-${id} .* Up`));
    assert.equal((await cli(['run', 'web', 'sh', '-c', 'exit 4'])).code, 4);
    assert.equal(engine.docker('ps', '-aq', '--filter', 'label=io.timonel.oneoff'), '', 'nothing is left');
    const late = await cli(['run', '--timeout', '500ms', 'web', 'sleep', '30']);
    assert.equal(late.code, 1);
    assert.match(late.stderr, /too long/);

    assert.match(ok(await cli(['top', 'web'])), /web-r1-1\n[\s\S]*node server\.mjs/);

    const orphaned = cli(['run', 'web', 'sleep', '1000']);
    const runs = () => engine.docker('ps', '-aq', '--filter', 'label=io.timonel.oneoff');
    await until(() => runs() !== '', 10_000);
    process.kill(home.daemonPid(), 'SIGKILL');
    const left = await orphaned;
    assert.equal(left.code, 1);
    assert.match(left.stderr, /ended before it said what came of the order/);
    ok(await cli(['ps']));
    await until(
      () => runs() === '',
      10_000,
      () => 'the next daemon removes what the dead one left',
    );
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
      assert.match(ok(await cli(['ps', '-q'])), /^[0-9a-f]{64}\n$/, 'the store alone');
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

test('two projects with the same names live side by side, each finds its own, and missing networks are made when asked', {
  skip: reason ?? false,
  timeout: 180_000,
}, async () => {
  engine ??= startEngine();
  const started = await engine;
  await using home = await freshHome();
  const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
  const folders = ['one', 'two'].map((name) => {
    const folder = join(home.dir, name);
    mkdirSync(folder);
    copyFileSync(join(root, 'test/fixtures/app/server.mjs'), join(folder, 'server.mjs'));
    writeFileSync(join(folder, 'compose.yaml'), namesake(started, name));
    return folder;
  });
  const cli = (folder: string, ...args: readonly string[]) => home.cli(args, { env, cwd: folder });
  try {
    const [one = '', two = ''] = folders;
    const refused = await cli(one, 'deploy', '--runtime', 'docker', '--json');
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /docker network create shared/);
    assert.equal(started.docker('network', 'ls', '-q', '--filter', 'name=shared'), '', 'nothing was made unasked');
    ok(await cli(one, 'deploy', '--runtime', 'docker', '--create-networks', '--json'));
    ok(await cli(two, 'deploy', '--runtime', 'docker', '--json'));
    const program = "fetch('http://web:8080/').then((a) => a.text()).then((t) => console.log(t))";
    for (const [folder, name] of [
      [one, 'one'],
      [two, 'two'],
    ] as const) {
      for (let time = 0; time < 5; time += 1)
        assert.match(ok(await cli(folder, 'exec', '-T', 'asker', 'node', '-e', program)), new RegExp(`^${name} web-r`));
      assert.match(ok(await cli(folder, 'exec', '-T', 'asker', 'cat', '/etc/hosts')), /10\.9\.8\.7\s+elsewhere/);
      assert.match(ok(await cli(folder, 'exec', '-T', 'asker', 'cat', '/etc/hosts')), /198\.1[89]\.[\d.]+\s+front/);
    }
    ok(await cli(one, 'down', '-y'));
    assert.notEqual(started.docker('network', 'ls', '-q', '--filter', 'name=shared'), '', 'it is nobody’s');
    assert.match(ok(await cli(two, 'exec', '-T', 'asker', 'node', '-e', program)), /^two web-r/);
  } finally {
    await home.cli(['down', '--all', '-y'], { env });
    started.docker('network', 'rm', 'shared');
  }
});

test('an image from scratch brings the project into containers unasked, and is probed from outside', {
  skip: reason ?? false,
  timeout: 180_000,
}, async () => {
  engine ??= startEngine();
  const started = await engine;
  await using home = await freshHome();
  const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
  const folder = join(home.dir, 'bare');
  mkdirSync(folder);
  copyFileSync(join(root, 'test/fixtures/app/server.mjs'), join(folder, 'server.mjs'));
  const copies = ['/bin/node', '/lib', '/lib64'].map((path) => `COPY --from=all ${path} ${path}\n`).join('');
  const recipe = `FROM ${started.nodeImage()} AS all\nFROM scratch\n${copies}COPY server.mjs /\nCMD ["/bin/node", "/server.mjs"]\n`;
  writeFileSync(join(folder, 'Dockerfile'), recipe);
  const deploy = async (variable: string) => {
    writeFileSync(
      join(folder, 'compose.yaml'),
      `name: bare
services:
  web:
    build: .
    environment: { PORT: "8080", HOST: 0.0.0.0, ${variable} }
    expose: ["8080"]
    healthcheck: { test: [CMD, curl, -fs, "http://localhost:8080/health"], interval: 1s, start_period: 1s, retries: 2 }
    stop_grace_period: 1s
    x-timonel: { observe: 0s }
`,
    );
    return endOf(await home.cli(['deploy', '--json'], { env, cwd: folder }));
  };
  try {
    const first = await deploy('VERSION: "1"');
    assert.equal(first.state, 'succeeded', JSON.stringify(first));
    const [container] = started.docker('ps', '-q', '--filter', 'label=io.timonel.project=bare').split('\n');
    assert.match(ok(await home.cli(['ps', '-q', '-p', 'bare'], { env })), new RegExp(`^${container}`));
    assert.notEqual((await home.cli(['exec', '-T', '-p', 'bare', 'web', 'sh', '-c', 'true'], { env })).code, 0);
    const second = await deploy('UNHEALTHY_AFTER_MS: "0"');
    assert.deepEqual([second.state, second.release], ['rolled-back', 1], JSON.stringify(second));
  } finally {
    await home.cli(['down', '--all', '-y'], { env });
  }
});

/** A service, one that asks it, and a network that others make, on which both projects are. */
function namesake(engine: TestEngine, name: string): string {
  return `name: ${name}
services:
  web:
    image: ${engine.nodeImage()}
    command: [node, /app/server.mjs]
    environment: { VERSION: ${name}, PORT: "8080", HOST: 0.0.0.0 }
    volumes: ["./server.mjs:/app/server.mjs:ro"]
    expose: ["8080"]
    networks: { default: { aliases: [front] }, shared: null }
    x-timonel: { probe: { http: /health, interval: 200ms }, observe: 0s }
  asker:
    image: ${engine.nodeImage()}
    command: [sh, -c, "while true; do sleep 0.2; done"]
    extra_hosts: ["elsewhere=10.9.8.7"]
    networks: [default, shared]
    stop_signal: SIGKILL
    x-timonel: { observe: 0s }
networks:
  shared: { external: true }
`;
}
