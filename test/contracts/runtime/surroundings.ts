import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { TimonelError } from '#core/errors.ts';
import type { Project } from '#model/project.ts';
import { deaf, server } from '../programs.ts';
import { ask, instanceOf, never, observed, type RuntimeStage, stopNow } from '../stage.ts';

/** Values that other tools are known to change on the way. */
export const difficultValues: Readonly<Record<string, string>> = {
  DOUBLE_DOLLAR: 'pa$$word',
  POSITIONAL: '$1 ${X} $(id) `id`',
  HASH: 'a#b # c',
  SPACES: ' lead/trail ',
  QUOTES: `"double" 'single'`,
  BACKSLASH: '\\ \\n \\t \\\\',
  NEWLINES: '-----BEGIN KEY-----\nMIIE\n\nOTHER=injected\n-----END KEY-----\n',
  EQUALS: 'a=b=c',
  BANG_PERCENT: '!! %s %25',
  JSON: '{"a":{"b":[1,"}"]}}',
  BCRYPT: '$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  UTF8: 'Ñandú, pingüino, 漢字, 🚢',
  EMPTY: '',
  'dotted.name-x': 'kept',
  LARGE: 'é'.repeat(32 * 1024),
};

/** Environment, names, files, volumes, commands inside and one-off runs. */
export function surroundingsContract(kind: string, make: () => Promise<RuntimeStage>): void {
  const check = (name: string, act: (stage: RuntimeStage) => Promise<void>): void => {
    test(`${kind}: ${name}`, { timeout: 60_000 }, async () => {
      await using stage = await make();
      await act(stage);
    });
  };

  check('every value of the environment arrives byte for byte', async (stage) => {
    const spec = await stage.service(server, { environment: difficultValues });
    const running = await stage.runtime.start(instanceOf(stage, spec), never);
    const seen = JSON.parse(await ask(running, 'env')) as Record<string, string>;
    for (const [name, value] of Object.entries(difficultValues)) assert.equal(seen[name], value, name);
    assert.equal(seen.OTHER, undefined);
    const inside = await stage.runtime.exec(
      stage.project.name,
      running.id,
      ['node', '-e', 'process.stdout.write(process.env.NEWLINES + process.env.BCRYPT)'],
      10_000,
    );
    assert.equal(inside.output, `${difficultValues.NEWLINES}${difficultValues.BCRYPT}`);
  });

  check('neighbours are found by name', async (stage) => {
    const spec = await stage.service(server);
    const hosts = { 'cache.internal': '127.66.66.66', cache: '127.66.66.66' };
    const running = await stage.runtime.start(instanceOf(stage, spec, { hosts }), never);
    assert.equal(await ask(running, 'dns/cache'), '127.66.66.66');
    assert.equal(await ask(running, 'dns/cache.internal'), '127.66.66.66');
  });

  check('secrets and configs are files with their content and mode', async (stage) => {
    const bytes = Buffer.from([0, 255, 10, 36, 36]);
    const file = { content: bytes.toString('base64'), uid: 0, gid: 0 };
    const files = [
      { ...file, kind: 'secret', target: '/run/secrets/key', mode: 0o400 },
      { ...file, kind: 'config', target: '/etc/timonel-contract/app.conf', mode: 0o444 },
    ] as const;
    const running = await stage.runtime.start(instanceOf(stage, await stage.service(server, { files })), never);
    assert.equal(await ask(running, 'file/run/secrets/key'), bytes.toString('base64'));
    assert.equal(await ask(running, 'mode/run/secrets/key'), '400 0 0');
    assert.equal(await ask(running, 'file/etc/timonel-contract/app.conf'), bytes.toString('base64'));
  });

  check('a named volume outlives instances, and only removeVolume deletes it', async (stage) => {
    const { runtime, project } = stage;
    const volumes = [{ type: 'volume', source: 'data', target: '/timonel-contract-data' }];
    const spec = await stage.service(server, { attributes: { volumes } });
    const real = `${project.name}_data`;
    const model: Project = { name: project.name, services: {}, volumes: { data: { name: real } } };
    await runtime.ensureProject(model, project);
    await runtime.ensureProject(model, project);
    const first = await runtime.start(instanceOf(stage, spec, { volumes: { data: real } }), never);
    assert.equal(await ask(first, 'write/timonel-contract-data/a'), 'written');
    await assert.rejects(runtime.removeVolume(real), TimonelError);
    await runtime.stop(project.name, first.id, stopNow);
    await runtime.remove(project.name, first.id);
    const second = await runtime.start(instanceOf(stage, spec, { number: 2, volumes: { data: real } }), never);
    assert.equal(await ask(second, 'file/timonel-contract-data/a'), Buffer.from('written').toString('base64'));
    await runtime.stop(project.name, second.id, stopNow);
    await runtime.remove(project.name, second.id);
    await runtime.removeVolume(real);
    await runtime.ensureProject(model, project);
    const third = await runtime.start(instanceOf(stage, spec, { number: 3, volumes: { data: real } }), never);
    assert.equal(await ask(third, 'file/timonel-contract-data/a'), 'ENOENT');
  });

  check('a bind mount shows the folder, read-only where asked; a missing source is an error', async (stage) => {
    const { directory } = stage.project;
    const bind = { type: 'bind', source: directory, target: '/timonel-contract-bind', read_only: true };
    const shown = await stage.service(server, { attributes: { volumes: [bind] } });
    const running = await stage.runtime.start(instanceOf(stage, shown), never);
    assert.equal(await ask(running, 'write/timonel-contract-bind/b'), 'EROFS');
    const missing = { ...bind, source: join(directory, 'not-there') };
    const broken = await stage.service(server, { name: 'broken', attributes: { volumes: [missing] } });
    await assert.rejects(stage.runtime.start(instanceOf(stage, broken), never), /not-there/);
    assert.notEqual((await observed(stage, 'broken-r1-1'))?.state, 'running');
  });

  check('a command inside sees what the instance sees, and its end is reported', async (stage) => {
    const spec = await stage.service(server, { environment: { COLOR: 'blue' } });
    const running = await stage.runtime.start(instanceOf(stage, spec, { hosts: { cache: '127.66.66.66' } }), never);
    const inside = (program: string, ms = 10_000) =>
      stage.runtime.exec(stage.project.name, running.id, ['node', '-e', program], ms);
    const seen = await inside(
      `require('dns').lookup('cache', { family: 4 }, (_, a) => console.log(process.env.COLOR, a))`,
    );
    assert.deepEqual(
      { code: seen.code, output: seen.output, timedOut: seen.timedOut },
      {
        code: 0,
        output: 'blue 127.66.66.66\n',
        timedOut: false,
      },
    );
    const failed = await inside(`console.error('bad'); process.exit(9)`);
    assert.equal(failed.code, 9);
    assert.equal(failed.output, 'bad\n');
    const late = await inside('setInterval(() => {}, 1000)', 400);
    assert.equal(late.timedOut, true);
    const missing = await stage.runtime.exec(stage.project.name, running.id, ['no-such-program'], 5000);
    assert.notEqual(missing.code, 0);
    assert.match(missing.output, /no-such-program/);
    const long = await inside(`process.stdout.write('x'.repeat(300000) + 'end')`);
    assert.ok(long.output.length <= 64 * 1024 && long.output.endsWith('end'), 'the last 64 KiB');
  });

  check('a one-off run has everything but a place among the instances', async (stage) => {
    const spec = await stage.service(server, { environment: { COLOR: 'red' } });
    const instance = instanceOf(stage, spec, { id: 'web-r1-release', hosts: { cache: '127.66.66.66' } });
    const done = await stage.runtime.runOnce(
      instance,
      [
        'node',
        '-e',
        `require('dns').lookup('cache', { family: 4 }, (_, a) => { console.log(process.env.COLOR, a); process.exit(4); })`,
      ],
      20_000,
      never,
    );
    assert.deepEqual(
      { code: done.code, output: done.output, timedOut: done.timedOut },
      {
        code: 4,
        output: 'red 127.66.66.66\n',
        timedOut: false,
      },
    );
    assert.deepEqual(await stage.runtime.observe(stage.project.name), []);
    const again = await stage.runtime.runOnce(instance, ['node', '-e', '1'], 20_000, never);
    assert.equal(again.code, 0);
  });

  check('a one-off run ends at its deadline and when it is aborted', async (stage) => {
    const instance = instanceOf(stage, await stage.service(server), { id: 'web-r1-release' });
    const late = await stage.runtime.runOnce(instance, ['node', '-e', deaf], 1500, never);
    assert.equal(late.timedOut, true);
    assert.notEqual(late.code, 0);
    const stopped = new AbortController();
    const run = stage.runtime.runOnce(instance, ['node', '-e', deaf], 30_000, stopped.signal);
    setTimeout(() => stopped.abort(new Error('stopped by the test')), 300);
    await assert.rejects(run, /stopped by the test/);
    assert.deepEqual(await stage.runtime.observe(stage.project.name), []);
  });

  check('a service keeps its own address towards its neighbours', async (stage) => {
    const address = (service: string) => stage.runtime.serviceAddress(stage.project.name, service);
    const [web, cache] = [await address('web'), await address('cache')];
    assert.match(web, /^\d+\.\d+\.\d+\.\d+$/);
    assert.notEqual(web, cache);
    await stage.reopen();
    assert.equal(await address('web'), web);
    assert.equal(await address('cache'), cache);
  });

  check('pruning takes only what neither a release nor an instance needs', async (stage) => {
    const { runtime, project } = stage;
    const kept = await stage.service(server, { name: 'kept' });
    const used = await stage.service(`${server}\n// used`, { name: 'used' });
    const dropped = await stage.service(`${server}\n// dropped`, { name: 'dropped' });
    await runtime.start(instanceOf(stage, used), never);
    for (const spec of [kept, used, dropped]) assert.equal(await runtime.isPrepared(spec, project), true, spec.name);
    await runtime.prune(project.name, [kept.source]);
    assert.equal(await runtime.isPrepared(kept, project), true, 'kept');
    assert.equal(await runtime.isPrepared(used, project), true, 'used');
  });
}
