import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import type { Service } from '#model/project.ts';
import { server } from '../contracts/programs.ts';
import { ask, instanceOf, listening, never, observed, until } from '../contracts/stage.ts';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { type DockerStage, dockerStage } from '../support/docker-stage.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;

function check(name: string, act: (engine: TestEngine) => Promise<void>): void {
  test(name, { skip: reason ?? false, timeout: 90_000 }, async () => {
    engine ??= startEngine();
    await act(await engine);
  });
}

after(async () => (await engine)?.[Symbol.asyncDispose]());

/** Stands for the proxy: listens at a service's address and tells who asked. */
async function listenAt(address: string, port: number): Promise<AsyncDisposable> {
  const listener = createServer((request, response) => response.end(`here ${request.socket.remoteAddress}`));
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(port, address, resolve);
  });
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        listener.closeAllConnections();
        listener.close(() => resolve());
      }),
  };
}

/** Runs curl in a one-off container of a service on these networks. */
async function askFrom(
  stage: DockerStage,
  engine: TestEngine,
  networks: Service['networks'],
  url: string,
  hosts = {},
): Promise<string> {
  const service: Service = { image: engine.shellImage(), ...(networks === undefined ? {} : { networks }) };
  const spec = await stage.made('client', service);
  const result = await stage.runtime.runOnce(
    instanceOf(stage, spec, { id: 'client-r1-1', hosts }),
    ['curl', '-s', '-m', '2', url],
    20_000,
    never,
  );
  return result.code === 0 ? result.output.trim() : `curl ${result.code}`;
}

check('a neighbour reaches a service’s address by its name and port, nobody else does', async (engine) => {
  await using stage = await dockerStage(engine);
  await using other = await dockerStage(engine);
  const model = {
    name: stage.project.name,
    services: { web: { networks: { default: null } }, vault: { networks: { closed: null } } },
    networks: { default: null, closed: { internal: true }, apart: null },
  };
  await stage.runtime.ensureProject(model, stage.project);
  const web = await stage.runtime.serviceAddress(stage.project.name, 'web');
  const vault = await stage.runtime.serviceAddress(stage.project.name, 'vault');
  await using _web = await listenAt(web, 8000);
  await using _vault = await listenAt(vault, 8200);
  const hosts = { web, vault };
  assert.match(await askFrom(stage, engine, { default: null }, 'http://web:8000/', hosts), /^here 10\./);
  assert.match(await askFrom(stage, engine, { closed: null }, 'http://vault:8200/', hosts), /^here 10\./);
  assert.equal(
    await askFrom(stage, engine, { apart: null }, 'http://web:8000/', hosts),
    'curl 28',
    'no shared network',
  );
  assert.equal(await askFrom(other, engine, { default: null }, `http://${web}:8000/`), 'curl 28', 'another project');
  assert.match(await (await fetch(`http://${web}:8000/`)).text(), /^here/, 'the host itself');
});

check('names of services without a stable address resolve to their container', async (engine) => {
  await using stage = await dockerStage(engine);
  const attributes = { networks: { default: { aliases: ['store'] } }, container_name: 'the-cache' };
  const spec = await stage.service(server, { name: 'cache', attributes });
  const cache = await stage.runtime.start(instanceOf(stage, spec), never);
  const web = await stage.runtime.start(instanceOf(stage, await stage.service(server)), never);
  for (const name of ['cache', 'store', 'the-cache']) assert.equal(await ask(web, `dns/${name}`), cache.address, name);
});

check(
  'an instance keeps its address over its restart and the engine’s, and addresses rest after use',
  async (engine) => {
    await using stage = await dockerStage(engine);
    const spec = await stage.service(server);
    const first = await stage.runtime.start(instanceOf(stage, spec), never);
    const second = await stage.runtime.start(instanceOf(stage, spec, { number: 2 }), never);
    await ask(first, 'exit/1');
    await until('the end', async () => (await observed(stage, first.id))?.state === 'exited' || undefined);
    await stage.runtime.stop(stage.project.name, second.id, { signal: 'SIGKILL', graceMs: 0 });
    await stage.runtime.remove(stage.project.name, second.id);
    const third = await stage.runtime.start(instanceOf(stage, spec, { number: 3 }), never);
    assert.ok(![first.address, second.address].includes(third.address), 'a fresh address');
    assert.equal((await stage.runtime.restart(stage.project.name, first.id, never)).address, first.address);
    assert.match(await ask(first, 'pid'), /^\d+$/);

    using heard = listening(stage.runtime);
    await until('the watch', async () => (await stage.runtime.observe(stage.project.name)).length === 2 || undefined);
    const address = await stage.runtime.serviceAddress(stage.project.name, 'web');
    spawnSync('ip', ['addr', 'del', `${address}/32`, 'dev', 'lo']);
    await engine.kill('SIGTERM');
    await engine.start();
    await until(
      'both ends',
      () => heard.events.filter((one) => one.exit !== undefined).length >= 2 || undefined,
      15_000,
    );
    for (const { id } of [first, third]) {
      const again = await stage.runtime.restart(stage.project.name, id, never);
      assert.equal(again.address, id === first.id ? first.address : third.address);
      assert.match(await ask(again, 'pid'), /^\d+$/);
    }
    await using _listener = await listenAt(address, 8000);
    assert.match(await askFrom(stage, engine, { default: null }, 'http://web:8000/', { web: address }), /^here/);
  },
);

check('networks: external ones must exist, others’ are not taken, changed ones are an error', async (engine) => {
  await using stage = await dockerStage(engine);
  const { runtime, project } = stage;
  const ensure = (networks: NonNullable<Parameters<typeof runtime.ensureProject>[0]['networks']>) =>
    runtime.ensureProject({ name: project.name, services: {}, networks }, project);
  await assert.rejects(ensure({ shared: { external: true, name: 'not-there' } }), {
    code: 'DOCKER_NETWORK_MISSING',
    hint: /^create it: docker network create not-there; .*--create-networks$/,
  });
  engine.docker('network', 'create', 'foreign');
  await assert.rejects(ensure({ mine: { name: 'foreign' } }), { code: 'DOCKER_NETWORK_FOREIGN' });
  await ensure({ mine: { name: 'foreign', external: true } });
  await ensure({ back: { labels: { a: 'b' } } });
  const id = engine.docker('network', 'inspect', '-f', '{{.Id}}', `${project.name}_back`);
  await ensure({ back: { labels: { a: 'c' } } });
  assert.equal(engine.docker('network', 'inspect', '-f', '{{.Id}}', `${project.name}_back`), id);
  await assert.rejects(ensure({ back: { internal: true } }), { code: 'DOCKER_NETWORK_CHANGED' });
  await runtime.removeProject(project.name);
  assert.equal(engine.docker('network', 'ls', '-q', '--filter', `label=io.timonel.project=${project.name}`), '');
  assert.notEqual(engine.docker('network', 'ls', '-q', '--filter', 'name=foreign'), '');
});
