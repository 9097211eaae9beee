import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { TimonelError } from '#core/errors.ts';
import type { Project, Service } from '#model/project.ts';
import { instanceOf, linesOf, listening, never, observed, until } from '../contracts/stage.ts';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { type EngineProxy, kindOf, startEngineProxy } from '../support/docker-proxy.ts';
import { type DockerStage, dockerStage } from '../support/docker-stage.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

let proxies = 0;

/** A stage whose runtime reaches the engine through a proxy. */
function check(name: string, act: (stage: DockerStage, proxy: EngineProxy, engine: TestEngine) => Promise<void>): void {
  test(name, { skip: reason ?? false, timeout: 120_000 }, async () => {
    engine ??= startEngine();
    const started = await engine;
    proxies += 1;
    await using proxy = await startEngineProxy(started.socketPath, join(started.dir, `proxy${proxies}.sock`));
    const deadlines = { ping: 2000, read: 900, change: 900, start: 2500, reconnect: 300 };
    await using stage = await dockerStage(started, { socketPath: proxy.socketPath, deadlines });
    await act(stage, proxy, started);
  });
}

const service: Service = {
  command: ['sh', '-c', 'trap "exit 0" TERM; echo hello; while true; do sleep 0.1; done'],
  networks: { default: null },
  volumes: [{ type: 'volume', source: 'data', target: '/data' }],
};

function modelOf(project: string): Project {
  return { name: project, services: { web: service }, networks: { default: null }, volumes: { data: null } };
}

/** A whole life; a part that fails is repeated, as the engine of Timonel does after an undo or a restart. */
async function live(stage: DockerStage, image: string): Promise<void> {
  const { runtime, project } = stage;
  const made = () => stage.made('web', { ...service, image });
  const instance = async () => instanceOf(stage, await made(), { volumes: { data: `${project.name}_data` } });
  const id = 'web-r1-1';
  const stop = { signal: 'SIGTERM', graceMs: 3000 };
  const parts: (() => Promise<unknown>)[] = [
    () => runtime.ensureProject(modelOf(project.name), project),
    () => runtime.serviceAddress(project.name, 'web'),
    async () => runtime.start(await instance(), never),
    () => until('hello', async () => (await linesOf(stage)).length > 0 || undefined),
    async () => assert.equal((await observed(stage, id))?.state, 'running'),
    // A command that hangs is a result, not an error.
    () =>
      until('inside', async () => (await runtime.exec(project.name, id, ['echo', 'x'], 1000)).code === 0 || undefined),
    () => runtime.stop(project.name, id, stop),
    async () => assert.equal((await observed(stage, id))?.state, 'exited'),
    () => runtime.restart(project.name, id, never),
    () => runtime.stop(project.name, id, stop),
    () => runtime.remove(project.name, id),
    async () => assert.equal((await linesOf(stage)).length, 2, 'one line of each start'),
    () => runtime.prune(project.name, []),
    () => runtime.removeProject(project.name),
  ];
  for (const [index, part] of parts.entries()) await untilDone(`part ${index}`, part);
  assert.deepEqual(await runtime.observe(project.name), []);
}

async function untilDone(name: string, part: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return void (await part());
    } catch (error) {
      const isOurs = error instanceof TimonelError;
      if (!isOurs || attempt === 20) throw new Error(`${name}, attempt ${attempt}: ${error}`, { cause: error });
    }
  }
}

for (const fault of ['refuse', 'lose', 'hang'] as const) {
  check(
    `a life in which each kind of call is spoilt once (${fault}) comes to its end`,
    async (stage, proxy, engine) => {
      const image = engine.shellImage();
      await stage.runtime.removeProject(stage.project.name);
      const spoilt = new Set(['GET /_ping', 'GET /events']);
      proxy.spoil((call) => !spoilt.has(kindOf(call)) && spoilt.add(kindOf(call)) !== undefined, fault);
      await live(stage, image);
      proxy.heal();
      for (const kind of [
        'POST /containers/create',
        'POST /containers/X/start',
        'DELETE /containers/X',
        'POST /networks/create',
      ])
        assert.ok(spoilt.has(kind), `${kind} among\n${[...spoilt].join('\n')}`);
      assert.equal(engine.docker('ps', '-aq', '--filter', `label=io.timonel.project=${stage.project.name}`), '');
      assert.equal(engine.docker('network', 'ls', '-q', '--filter', `name=timonel-reservation`), '');
      const volume = `${stage.project.name}_data`;
      const deletions = () =>
        proxy.calls.filter(({ method, path }) => method === 'DELETE' && path.startsWith('/volumes'));
      assert.deepEqual(deletions(), []);
      assert.equal(engine.docker('volume', 'ls', '-q', '--filter', `name=${volume}`), volume);
      await stage.runtime.removeVolume(volume);
      assert.equal(deletions().length, 1);
    },
  );
}

check('looking changes nothing', async (stage, proxy, engine) => {
  const image = engine.shellImage();
  const spec = await stage.made('web', { ...service, image });
  await stage.runtime.ensureProject(modelOf(stage.project.name), stage.project);
  const instance = instanceOf(stage, spec, { volumes: { data: `${stage.project.name}_data` } });
  await stage.runtime.start(instance, never);
  await stage.runtime.serviceAddress(stage.project.name, 'web');
  proxy.calls.length = 0;
  using _heard = listening(stage.runtime);
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const { name: project, directory } = stage.project;
  await stage.runtime.resolveSource(
    { project, directory, name: 'web', service: { ...service, image }, process },
    never,
  );
  await stage.runtime.isPrepared(spec, stage.project);
  await stage.runtime.ready();
  stage.runtime.check(spec, () => undefined);
  await stage.runtime.observe();
  await stage.runtime.serviceAddress(project, 'web');
  await linesOf(stage);
  assert.ok(proxy.calls.length > 5);
  assert.deepEqual(proxy.writes(), []);
});

check('an engine that hangs is named, with what was asked of it', async (stage, proxy) => {
  proxy.spoil(({ path }) => path === '/containers/json', 'hang');
  await assert.rejects(stage.runtime.observe(stage.project.name), {
    code: 'DOCKER_TIMEOUT',
    message: /list containers.*900 ms/,
    hint: /systemctl restart docker/,
  });
});

test('with live-restore instances outlive the engine, and the watch comes back', {
  skip: reason ?? false,
  timeout: 60_000,
}, async () => {
  await using engine = await startEngine({ liveRestore: true });
  await using stage = await dockerStage(engine);
  const spec = await stage.made('web', { ...service, volumes: [], image: engine.shellImage() });
  const before = await stage.runtime.start(instanceOf(stage, spec), never);
  using heard = listening(stage.runtime);
  await until('the watch', async () => (await observed(stage, before.id)) !== undefined || undefined);
  await engine.kill('SIGKILL');
  await assert.rejects(
    stage.reopen().then((runtime) => runtime.ready()),
    { code: 'DOCKER_UNREACHABLE' },
  );
  using again = listening(stage.runtime);
  await engine.start();
  assert.deepEqual(await observed(stage, before.id), before);
  engine.docker('kill', '-s', 'KILL', before.container ?? '');
  const event = await until('the end', () => again.events.find((one) => one.exit !== undefined));
  assert.equal(event.exit?.signal, 'SIGKILL');
  assert.deepEqual(heard.events, []);
});
