import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Service } from '#model/project.ts';
import type { ServiceSpec, Source } from '#model/spec.ts';
import type { BuildWishes } from '#world/runtime.ts';
import { instanceOf, never } from '../contracts/stage.ts';
import { startEngine, type TestEngine, until, whyNoEngine } from '../support/docker.ts';
import { type DockerStage, dockerStage } from '../support/docker-stage.ts';
import { freshHome } from '../support/home.ts';
import { startRegistry } from '../support/registry.ts';

/** Deployments in a row, and how many releases are kept for a rollback. */
const deployments = 50;
const keptReleases = 10;

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

function check(name: string, act: (engine: TestEngine) => Promise<void>): void {
  test(name, { skip: reason ?? false, timeout: 90_000 }, async () => {
    engine ??= startEngine();
    await act(await engine);
  });
}

/** A layer with one file, different by its content. */
function layerOf(content: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-layer-'));
  try {
    writeFileSync(join(folder, 'content'), content);
    return execFileSync('tar', ['-C', folder, '--mtime=2026-01-01', '-c', 'content']);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function resolve(stage: DockerStage, service: Service, name = 'web'): Promise<Source> {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const { name: project, directory } = stage.project;
  return stage.runtime.resolveSource({ project, directory, name, service, process }, never);
}

/** A folder in the project with these files. */
function contextOf(stage: DockerStage, name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(stage.project.directory, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** What a command prints in a one-off container of the service. */
async function printed(stage: DockerStage, spec: ServiceSpec, ...command: readonly string[]): Promise<string> {
  return (await stage.runtime.runOnce(instanceOf(stage, spec), command, 20_000, never)).output;
}

check('a tag is pinned to its digest, pulled by it, and a moved tag is noticed', async (engine) => {
  await using stage = await dockerStage(engine);
  await using registry = await startRegistry();
  const first = registry.push('shop/app', '1', layerOf('one'), { ExposedPorts: { '9000/tcp': {} } });
  const service = { image: `${registry.host}/shop/app:1` };
  const source = await resolve(stage, service);
  assert.deepEqual(source, { kind: 'image', reference: service.image, revision: first, ports: [] });
  assert.equal(engine.docker('images', '-q', `${registry.host}/shop/app`), '', 'resolving pulls nothing');

  const lines: string[] = [];
  const spec = { ...(await stage.made('web', service)), source };
  await stage.runtime.prepare(spec, stage.project, (line) => lines.push(line), never);
  assert.equal(await stage.runtime.isPrepared(spec, stage.project), true);
  assert.ok(engine.docker('images', '--digests', `${registry.host}/shop/app`).includes(first));

  await stage.reopen();
  assert.deepEqual(await resolve(stage, service), source, 'the same digest is the same source, ports and all');
  const second = registry.push('shop/app', '1', layerOf('two'));
  await stage.reopen();
  assert.equal((await resolve(stage, service)).revision, second);
  assert.equal((await resolve(stage, { ...service, pull_policy: 'never' })).revision, first);
});

async function pulledFromRegistryThatIsGone(stage: DockerStage): Promise<{ image: string; digest: string }> {
  await using registry = await startRegistry();
  const digest = registry.push('shop/app', '2', layerOf('two'));
  const image = `${registry.host}/shop/app:2`;
  await stage.made('web', { image });
  await stage.reopen();
  return { image, digest };
}

check('without its registry the local image serves, unless the file wants the registry’s', async (engine) => {
  await using stage = await dockerStage(engine);
  const { image, digest } = await pulledFromRegistryThatIsGone(stage);
  assert.equal((await resolve(stage, { image })).revision, digest);
  assert.equal((await resolve(stage, { image, pull_policy: 'missing' })).revision, digest);
  await assert.rejects(resolve(stage, { image, pull_policy: 'always' }), { code: 'DOCKER_IMAGE_UNKNOWN' });
  await assert.rejects(resolve(stage, { image: `${image}x`, pull_policy: 'never' }), {
    code: 'DOCKER_IMAGE_UNKNOWN',
  });
  assert.match((await resolve(stage, { image: engine.shellImage() })).revision, /^sha256:/, 'made here, asks nobody');
});

check('a private registry gets the user’s account, and says so when there is none', async (engine) => {
  await using stage = await dockerStage(engine);
  await using registry = await startRegistry({ account: 'ana:s3cret' });
  registry.push('shop/app', '1', layerOf('private'));
  const image = `${registry.host}/shop/app:1`;
  const folder = join(stage.project.directory, 'docker-config');
  mkdirSync(folder);
  const before = process.env.DOCKER_CONFIG;
  process.env.DOCKER_CONFIG = folder;
  try {
    await assert.rejects(resolve(stage, { image }), {
      code: 'DOCKER_IMAGE_UNKNOWN',
      message: /authentication|credentials/,
    });
    const auth = Buffer.from('ana:s3cret').toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const spec = await stage.made('web', { image });
    assert.equal(await stage.runtime.isPrepared(spec, stage.project), true);
  } finally {
    if (before === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = before;
  }
});

check('a registry that falls silent ends the pull with its name', async (engine) => {
  await using stage = await dockerStage(engine, { deadlines: { silence: 1500 } });
  await using registry = await startRegistry();
  registry.push('shop/app', '3', layerOf('three'));
  const image = `${registry.host}/shop/app:3`;
  const source = await resolve(stage, { image });
  const spec = { ...(await stage.made('web', { image: engine.shellImage() })), source };
  registry.silence();
  await assert.rejects(
    stage.runtime.prepare(spec, stage.project, () => undefined, never),
    { code: 'DOCKER_TIMEOUT', message: /pull .*shop\/app:3/ },
  );
});

check('a build sees its arguments, its target and what .dockerignore leaves; equal builds are one', async (engine) => {
  await using stage = await dockerStage(engine);
  const context = contextOf(stage, 'app', {
    Dockerfile: `FROM ${engine.shellImage()} AS base
ARG WHO=nobody
RUN echo "hello $WHO" > /who
COPY . /app
EXPOSE 7000
FROM base AS other
RUN echo other > /who
`,
    '.dockerignore': 'secret*\nnode_modules\n!secret.example\n',
    'main.txt': 'main',
    'secret.txt': 'no',
    'secret.example': 'yes',
    'node_modules/a/b': 'no',
    'compose.yaml': 'services: {}',
  });
  const service = { build: { context, args: { WHO: 'ana $HOME "x"' }, target: 'base' }, image: 'shop/built:1' };
  const source = await resolve(stage, service);
  assert.deepEqual(source.ports, [7000]);
  const lines: string[] = [];
  const spec = await stage.made('web', service);
  await stage.runtime.prepare(spec, stage.project, (line) => lines.push(line), never);
  assert.deepEqual(lines, [], 'prepared once');
  assert.equal(await printed(stage, spec, 'cat', '/who'), 'hello ana $HOME "x"\n');
  const seen = await printed(stage, spec, 'sh', '-c', 'ls -A /app');
  assert.deepEqual(seen.trim().split('\n').toSorted(), [
    '.dockerignore',
    'Dockerfile',
    'compose.yaml',
    'main.txt',
    'secret.example',
  ]);
  assert.notEqual(engine.docker('images', '-q', 'shop/built:1'), '', 'the file’s own name for it');

  const twin = await stage.made('twin', { build: { context, args: { WHO: 'ana $HOME "x"' }, target: 'base' } });
  assert.equal(twin.source.revision, source.revision);
  assert.equal(engine.docker('images', '-q', `timonel/${stage.project.name}`).split('\n').length, 1);

  writeFileSync(join(context, 'secret.txt'), 'changed');
  assert.equal((await resolve(stage, service)).revision, source.revision, 'what is left out does not count');
  writeFileSync(join(context, 'main.txt'), 'changed');
  assert.notEqual((await resolve(stage, service)).revision, source.revision);
  const late = { ...spec, service, source: { ...source, revision: 'build:0' } };
  await assert.rejects(
    stage.runtime.prepare(late, stage.project, () => undefined, never),
    { code: 'DOCKER_CONTEXT_CHANGED' },
  );
});

check('a build made anew has a revision of its own when something else came out', async (engine) => {
  await using stage = await dockerStage(engine);
  await using registry = await startRegistry();
  registry.push('shop/base', '1', layerOf('one'));
  const context = contextOf(stage, 'app', {
    Dockerfile: `FROM ${registry.host}/shop/base:1\nCOPY a.txt /\n`,
    'a.txt': 'a',
  });
  const service = { build: { context } };
  const spec = await stage.made('web', service);
  const rebuild = (wishes: Partial<BuildWishes>) =>
    stage.runtime.rebuild?.({
      spec,
      project: stage.project,
      wishes: { noCache: false, pull: false, args: {}, ...wishes },
      progress: () => undefined,
      signal: never,
    });
  assert.deepEqual(await rebuild({ pull: true }), spec.source, 'the same base, the same image');
  registry.push('shop/base', '1', layerOf('two'));
  assert.deepEqual(await rebuild({}), spec.source, 'nobody asked for a newer base');
  const newer = await rebuild({ pull: true });
  assert.notEqual(newer?.revision, spec.source.revision);
  assert.deepEqual(await resolve(stage, service), newer);
  const ours = () =>
    engine.docker('images', '--format', '{{.Tag}}', `timonel/${stage.project.name}`).split('\n').length;
  await stage.runtime.prune(stage.project.name, [spec.source]);
  assert.equal(ours(), 2, 'what serves, and what waits for its deployment');
  writeFileSync(join(context, 'a.txt'), 'changed');
  assert.match((await resolve(stage, service)).revision, /^build:/);
  await stage.made('other', { build: { context } });
  await stage.runtime.prune(stage.project.name, []);
  assert.equal(ours(), 1);
  // The base that lost its name to a newer one is the registry's, as after docker build --pull.
  engine.docker('image', 'prune', '-f');
});

check('a Dockerfile that needs BuildKit is built with it', async (engine) => {
  await using stage = await dockerStage(engine);
  const text = `FROM ${engine.shellImage()}\nRUN --mount=type=cache,target=/c touch /c/x && echo kit > /made\n`;
  const context = contextOf(stage, 'app', { 'a.txt': 'a' });
  // The test's engine has no default bridge to build in.
  const build = { context, dockerfile_inline: text, network: 'none' };
  const spec = await stage.made('web', { build });
  assert.equal(await printed(stage, spec, 'cat', '/made'), 'kit\n');
  const service = { build: { ...build, dockerfile_inline: `${text}RUN echo loud\n` } };
  const lines: string[] = [];
  const louder = { ...spec, service, source: await resolve(stage, service) };
  await stage.runtime.prepare(louder, stage.project, (line) => lines.push(line), never);
  assert.ok(lines.includes('loud'), lines.join('\n'));
});

check('a build that fails says why; one that is called off, takes too long or eats memory is ended', async (engine) => {
  await using stage = await dockerStage(engine, { buildMemory: 64 * 1024 ** 2, deadlines: { make: 12_000 } });
  const prepare = async (run: string, signal = never) => {
    const context = contextOf(stage, 'app', { Dockerfile: `FROM ${engine.shellImage()}\nRUN ${run}\n` });
    const service = { build: { context } };
    const spec = { ...(await stage.made('base', { image: engine.shellImage() })), name: 'web', service };
    const source = await resolve(stage, service);
    await stage.runtime.prepare({ ...spec, source }, stage.project, () => undefined, signal);
  };
  await assert.rejects(prepare('echo all is lost && false'), {
    code: 'DOCKER_BUILD_FAILED',
    message: /web could not be built.*code: 1[\s\S]*all is lost/,
  });
  await assert.rejects(prepare('x=aaaaaaaaaa; while true; do x=$x$x; done'), {
    code: 'DOCKER_BUILD_MEMORY',
    message: /more than 0\.1 GiB/,
  });
  await assert.rejects(prepare('sleep 60'), { code: 'DOCKER_BUILD_TIMEOUT', message: /web/ });
  const leave = new AbortController();
  const building = prepare('echo begun && sleep 60', leave.signal);
  const running = () =>
    engine
      .docker('ps', '-q')
      .split('\n')
      .filter((id) => id !== '').length;
  await Promise.race([until(() => running() === 1, 15_000), building]);
  leave.abort(new Error('called off'));
  await assert.rejects(building, /called off/);
  await until(
    () => running() === 0,
    5000,
    () => 'the build still runs',
  );
  assert.equal(engine.docker('images', '-q', `timonel/${stage.project.name}`).split('\n').length, 1, 'only the base');
});

check('pruning keeps what kept releases need and whatever is not ours', async (engine) => {
  await using stage = await dockerStage(engine);
  await using registry = await startRegistry();
  const sources: Source[] = [];
  for (let version = 1; version <= 5; version++) {
    const context = contextOf(stage, 'app', {
      // Two stages: the classic builder leaves the first one nameless.
      Dockerfile: `FROM ${engine.shellImage()} AS make\nRUN echo ${version} > /made\nFROM ${engine.shellImage()}\nCOPY --from=make /made /made\n`,
    });
    sources.push((await stage.made('web', { build: { context }, image: 'shop/pruned:1' })).source);
  }
  registry.push('shop/pulled', '1', layerOf('pulled'));
  const pulled = `${registry.host}/shop/pulled:1`;
  await stage.made('pulled', { image: pulled });
  engine.docker('tag', engine.shellImage(), `timonel/${stage.project.name}-other:1`);
  const all = () => engine.docker('images', '-a', '--format', '{{.Repository}}:{{.Tag}}').split('\n');
  assert.ok(all().includes('<none>:<none>'));

  await stage.runtime.prune(stage.project.name, sources.slice(-2));
  assert.equal(all().filter((name) => name.startsWith(`timonel/${stage.project.name}:`)).length, 2);
  assert.ok(all().includes(`timonel/${stage.project.name}-other:1`), 'a name that only begins the same');
  assert.equal(engine.docker('images', '-q', `${registry.host}/shop/pulled`), '');
  await stage.runtime.prune(stage.project.name, []);
  const left = engine.docker('images', '-q', '--filter', 'dangling=true');
  assert.equal(left, '', 'nothing nameless is left');
  assert.ok(all().includes('shop/pruned:1'), 'the name that people gave stays');
});

check('data in a nameless volume goes on with the next instance, or the deployment is refused', async (engine) => {
  await using stage = await dockerStage(engine);
  const dockerfile_inline = `FROM ${engine.shellImage()}\nRUN mkdir /keep\nVOLUME /keep\n`;
  const command = ['sh', '-c', 'date >> /keep/starts; trap "exit 0" TERM; while true; do sleep 0.1; done'];
  const service: Service = {
    build: { context: contextOf(stage, 'app', { a: 'a' }), dockerfile_inline },
    command,
    networks: { default: null },
  };
  const strategy = { kind: 'blue-green', warmMs: 0 } as const;
  const refused = stage.made('web', service, { strategy });
  await assert.rejects(refused, { code: 'DOCKER_NAMELESS_VOLUME', hint: /volumes: \["data:\/keep"\]/ });
  await stage.made('web', { ...service, tmpfs: ['/keep'] }, { strategy });

  const spec = await stage.made('web', service);
  const { runtime, project } = stage;
  for (const release of [1, 2, 3]) {
    const instance = instanceOf(stage, spec, { release });
    await runtime.start(instance, never);
    const starts = async () => (await runtime.exec(project.name, instance.id, ['cat', '/keep/starts'], 5000)).output;
    await until(async () => (await starts()).trim().split('\n').length === release, 10_000);
    await runtime.stop(project.name, instance.id, { signal: 'SIGTERM', graceMs: 3000 });
    if (release > 1) await runtime.remove(project.name, `web-r${release - 1}-1`);
  }
});

test('50 deployments leave the images of the kept releases and no other', {
  skip: reason ?? false,
  timeout: 1_500_000,
}, async () => {
  engine ??= startEngine();
  const started = await engine;
  await using home = await freshHome();
  const env = { DOCKER_HOST: `unix://${started.socketPath}`, DOCKER_CONFIG: started.dir };
  const folder = join(home.dir, 'many');
  mkdirSync(folder);
  const base = started.shellImage();
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${base}\nCOPY version /\n`);
  const service =
    'build: .\n    command: [sh, -c, "while true; do sleep 1; done"]\n    stop_signal: SIGKILL\n    x-timonel: { probe: { running: 200ms } }';
  writeFileSync(
    join(folder, 'compose.yaml'),
    `name: many\nservices:\n  work:\n    ${service}\nx-timonel: { runtime: docker, observe: 0s }\n`,
  );
  const count = (...filter: readonly string[]) =>
    new Set(
      started
        .docker('images', '-q', '--no-trunc', ...filter)
        .split('\n')
        .filter((id) => id !== ''),
    ).size;
  const before = count('-a');
  try {
    for (let version = 1; version <= deployments; version += 1) {
      writeFileSync(join(folder, 'version'), `${version}\n`);
      await home.ok(['deploy', '--json'], { env, cwd: folder });
    }
    const releases = JSON.parse((await home.ok(['releases', '--json', '-p', 'many'], { env })).stdout) as object[];
    assert.ok(releases.length <= keptReleases + 1, `${releases.length} releases`);
    const images = count('timonel/many');
    console.log(`${deployments} deployments: ${releases.length} releases, ${images} images`);
    assert.equal(images, releases.length, 'one image for each kept release');
    assert.ok(images <= keptReleases + 1);
    assert.equal(count('--filter', 'dangling=true'), 0);
    // What stays beside them: the steps that the classic builder reuses for the kept ones.
    assert.ok(count('-a') - before <= 2 * (keptReleases + 1), `${count('-a') - before} images in all`);
  } finally {
    await home.cli(['down', '--all', '-y'], { env });
  }
});
