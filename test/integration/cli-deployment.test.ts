import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fail } from '#core/errors.ts';
import { finding } from '#core/finding.ts';
import { said } from '#core/messages/say.ts';
import type { DeploymentEvent } from '#model/event.ts';
import { eventsOf } from '../support/events.ts';
import { fakeDaemon } from '../support/fake-daemon.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { freshHome, root } from '../support/home.ts';
import { deployed, failed, shop, time } from '../support/shop.ts';

/* Deployments on the command line: events, tables, endings and exit codes, over an engine that tells what it is told. */

test('deploy --json prints one event a line and ends with the code of its end', async () => {
  await using home = await freshHome();
  const engine = fakeEngine({ events: deployed });
  await using _daemon = await fakeDaemon(home.dir, engine);
  const result = await home.ok(['deploy', '--json', '-f', '-', '--wait', '1m30s', '-p', 'shop'], {
    input: 'services: {}\n',
  });
  const events = eventsOf(result);
  assert.deepEqual(
    events.map((one) => one.event),
    ['plan', 'step-started', 'step-done', 'switched', 'end'],
  );
  assert.equal(events[0]?.time, '2026-11-22T10:00:00.000Z');
  assert.deepEqual(events.at(-1), {
    time: '2026-11-22T10:00:02.000Z',
    event: 'end',
    state: 'succeeded',
    release: 4,
    code: 0,
    urls: ['http://shop.localhost'],
  });
  const [asked] = engine.asked;
  assert.ok(asked?.method === 'deploy' && 'request' in asked && 'options' in asked);
  assert.equal(asked.request.stdin, 'services: {}\n');
  assert.equal(asked.options.waitMs, 90_000);
  assert.match(asked.options.by, /@.* pid \d+$/);
});

test('deploy for people: plan with its cause, steps, what serves, what to type next', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ events: deployed }));
  const { stdout } = await home.ok(['deploy', '-p', 'shop']);
  assert.match(stdout, /shop: release 3 -> 4/);
  assert.match(stdout, /web +replace +rolling +environment\.LOG_LEVEL: info -> debug/);
  assert.match(stdout, /\+ web +undoing: web-r4-1 \(120 ms\)/);
  assert.match(stdout, /release 4 of shop serves.*http:\/\/shop\.localhost.*timonel rollback -p shop/s);
});

test('a failed deployment says step, reason, last probe, last lines, what still serves, what to type', async () => {
  await using home = await freshHome();
  const before = deployed.slice(0, 2);
  const reason = said('CLI_RELEASE_FORM', { given: 'the gate' });
  const stepFailed: DeploymentEvent = {
    time,
    event: 'step-failed',
    step: 'start web-r4-1',
    reason,
    evidence: undefined,
  };
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ events: [...before, stepFailed, failed] }));
  const result = await home.cli(['deploy', '-p', 'shop']);
  assert.equal(result.code, 5);
  for (const part of [
    /the gate is no release number/,
    /step: web: undoing: web-r4-1/,
    /last probe: undoing: 503 sick/,
    /last lines of web-r4-1:\n.*\| boot\n.*\| cannot connect to database/,
    /release 4 of shop failed; release 3 still serves/,
    /timonel logs web -p shop --release 4/,
  ]) {
    assert.match(result.stdout, part);
  }
});

test('invalid input ends with 2 and shows every finding with its place and line', async () => {
  await using home = await freshHome();
  const folder = join(home.dir, 'broken');
  mkdirSync(folder);
  writeFileSync(join(folder, 'compose.yaml'), 'services:\n  web:\n    imagen: x\n');
  const findings = [
    finding(
      'error',
      'SETTINGS_UNKNOWN_KEY',
      { path: 'services.web', key: 'imagen', nearest: 'image' },
      { file: 'compose.yaml', line: 3, column: 5, path: 'services.web.imagen' },
    ),
  ];
  const plan = { project: 'broken', from: undefined, to: 1, changes: [], steps: [], findings };
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ plan: async () => plan }));
  const people = await home.cli(['plan', folder], { cwd: home.dir });
  assert.equal(people.code, 2);
  assert.match(people.stderr, /^error broken\/compose\.yaml:3:5 .*unknown key imagen$/m);
  assert.match(people.stderr, /^ {2}3 \| {5}imagen: x\n {4}\| {5}\^$/m);
  assert.match(people.stderr, /did you mean image\?/);
  const programs = await home.cli(['plan', folder, '--json']);
  assert.equal(programs.code, 2);
  const { error } = JSON.parse(programs.stdout);
  assert.deepEqual(error.findings[0].at, { file: 'compose.yaml', line: 3, column: 5, path: 'services.web.imagen' });
});

test('plan ends with 0 without changes and with 10 with some', async () => {
  await using home = await freshHome();
  const keep = {
    service: 'web',
    action: 'keep',
    strategy: 'rolling',
    strategyReason: 'default',
    causes: [],
    pause: undefined,
  } as const;
  let changes: readonly (typeof keep | (Omit<typeof keep, 'action'> & { action: 'create' }))[] = [keep];
  const plan = async () => ({ project: 'shop', from: 3, to: 4, changes, steps: ['start web-r4-1'], findings: [] });
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ plan }));
  assert.equal((await home.cli(['plan', home.dir])).code, 0);
  changes = [{ ...keep, action: 'create' }];
  const changed = await home.cli(['plan', home.dir, '--json']);
  assert.equal(changed.code, 10);
  assert.deepEqual(
    JSON.parse(changed.stdout).changes,
    [{ ...keep, action: 'create', pause: undefined }].map(withoutUndefined),
  );
});

function withoutUndefined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('Ctrl-C leaves the deployment running and says how to follow and how to undo it; cancel undoes it', async () => {
  await using home = await freshHome();
  const engine = fakeEngine({ statuses: { shop: shop() }, events: deployed.slice(0, 2) });
  await using _daemon = await fakeDaemon(home.dir, engine);
  const child = spawn(join(root, 'timonel'), ['deploy', '-p', 'shop'], { env: home.env, cwd: home.dir });
  const told = text(child.stderr);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(code, 130);
  assert.match(await told, /deployment shop-7 goes on without you.*timonel status -p shop.*timonel cancel -p shop/s);
  const cancelling = home.cli(['deploy', '--cancel', '-p', 'shop']);
  while (!engine.asked.some(({ method }) => method === 'cancel')) await setImmediate();
  engine.tell({ ...failed, state: 'cancelled', code: 1, reason: undefined, evidence: undefined });
  const cancelled = await cancelling;
  assert.match(cancelled.stdout, /cancelled; release 3 of shop serves as before/);
  const again = await home.ok(['cancel', '-p', 'shop']);
  assert.match(again.stderr, /no deployment of shop is under way; nothing was changed/);
});

/** What a machine says that has no HAProxy, a Docker Engine, and no registry in reach. */
const noRegistry = (instead: readonly string[]) => ({
  requirements: async () => ({ packages: [], images: ['haproxy:2.8-alpine'], instead }),
  fetchProxyImage: async () => {
    throw fail('PROXY_IMAGE_MISSING', { image: 'haproxy:2.8-alpine', reason: 'no route to the registry' });
  },
});

test('without a registry the proxy comes as a package, where packages may be installed', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root may install packages');
  await using home = await freshHome();
  const engine = fakeEngine({ events: deployed });
  await using _daemon = await fakeDaemon(home.dir, engine, noRegistry(['haproxy']));
  writeFileSync(join(home.dir, 'apt-get'), `#!/bin/sh\necho "$*" >>${home.dir}/apt-calls\n`, { mode: 0o755 });
  const env = { PATH: `${home.dir}:${home.env.PATH}` };
  const deploy = ['deploy', '-f', '-', '-p', 'shop'];
  const refused = await home.cli([...deploy, '--no-install'], { env, input: 'services: {}\n' });
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /no route to the registry\n.*TIMONEL_PROXY_IMAGE/);
  assert.equal(engine.asked.length, 0);
  const { stderr } = await home.ok(deploy, { env, input: 'services: {}\n' });
  assert.match(stderr, /fetching haproxy:2.8-alpine .*no route to the registry; the package haproxy will do/s);
  assert.match(readFileSync(join(home.dir, 'apt-calls'), 'utf8'), /^install .* haproxy$/m);
});

test('an image that somebody named has no stand-in', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ events: deployed }), noRegistry([]));
  const result = await home.cli(['deploy', '-f', '-', '-p', 'shop', '--lang', 'es'], { input: 'services: {}\n' });
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /falta la imagen.*no route to the registry/);
});
