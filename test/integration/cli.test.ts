import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { finding } from '#core/finding.ts';
import { said } from '#core/messages/say.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { ProjectStatus } from '#model/status.ts';
import { eventsOf } from '../support/events.ts';
import { fakeDaemon } from '../support/fake-daemon.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { freshHome, root } from '../support/home.ts';

/*
 * The command line as scripts and people use it, against the daemon's own server over an engine that answers what the
 * test says: surface, exit codes, languages, JSON. What the real engine does is the business of deploy.test.ts.
 */

const time = Date.parse('2026-11-22T10:00:00Z');

function shop(state: ProjectStatus['state'] = 'healthy'): ProjectStatus {
  return {
    project: 'shop',
    release: 3,
    state,
    services: [
      {
        name: 'web',
        strategy: 'rolling',
        desired: 1,
        healthy: state === 'healthy' ? 1 : 0,
        release: 3,
        urls: ['http://shop.localhost'],
        instances: [
          {
            id: 'web-r3-1',
            release: 3,
            state: state === 'healthy' ? 'healthy' : 'unhealthy',
            address: '127.1.2.3:8000',
            startedAt: '2026-11-22T10:00:00.000Z',
            restarts: 0,
            pid: 4711,
          },
        ],
      },
    ],
    lastDeployment: {
      id: 'shop-7',
      kind: 'deploy',
      state: 'failed',
      from: 2,
      to: 3,
      reason: said('CLI_RELEASE_FORM', { given: 'x' }),
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T10:00:09.000Z',
    },
    warm: undefined,
    warnings: [said('DAEMON_UNKNOWN_DEPLOYMENT', { id: 'shop-1' })],
  };
}

const stepText = said('CLI_UNDOING', { step: 'web-r4-1' });

const deployed: readonly DeploymentEvent[] = [
  {
    time,
    event: 'plan',
    deployment: 'shop-7',
    from: 3,
    to: 4,
    changes: [
      {
        service: 'web',
        action: 'replace',
        strategy: 'rolling',
        strategyReason: 'default',
        causes: [{ path: 'environment.LOG_LEVEL', from: 'info', to: 'debug' }],
        pause: undefined,
      },
    ],
    steps: [{ id: 'start web-r4-1', service: 'web', text: stepText }],
  },
  { time, event: 'step-started', step: 'start web-r4-1', service: 'web', text: stepText },
  { time, event: 'step-done', step: 'start web-r4-1', tookMs: 120 },
  { time, event: 'switched', service: 'web', release: 4 },
  {
    time: time + 2000,
    event: 'end',
    state: 'succeeded',
    release: 4,
    code: 0,
    reason: undefined,
    evidence: undefined,
    urls: ['http://shop.localhost'],
  },
];

const failed: DeploymentEvent = {
  time: time + 3000,
  event: 'end',
  state: 'rolled-back',
  release: 3,
  code: 5,
  reason: said('CLI_RELEASE_FORM', { given: 'the gate' }),
  evidence: {
    instance: 'web-r4-1',
    lastProbe: said('CLI_UNDOING', { step: '503 sick' }),
    logs: ['boot', 'cannot connect to database'],
  },
  urls: [],
};

test('status prints the agreed JSON, and text for people in both languages', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ statuses: { shop: shop() } }));
  const json = await home.ok(['status', '-p', 'shop', '--json']);
  const status = JSON.parse(json.stdout);
  assert.deepEqual(
    { ...status, services: undefined, lastDeployment: undefined, warnings: undefined },
    {
      project: 'shop',
      release: 3,
      state: 'healthy',
      services: undefined,
      lastDeployment: undefined,
      warnings: undefined,
    },
  );
  assert.equal(status.services[0].instances[0].pid, 4711);
  assert.equal(status.lastDeployment.reason, 'x is no release number');
  assert.equal(status.lastDeployment.reasonCode, 'CLI_RELEASE_FORM');
  assert.equal(status.warnings[0].code, 'DAEMON_UNKNOWN_DEPLOYMENT');
  const english = await home.ok(['status', '-p', 'shop']);
  assert.match(english.stdout, /shop +release 3 +healthy/);
  assert.match(english.stdout, /web +1\/1 +3 +rolling +http:\/\/shop\.localhost/);
  const spanish = await home.ok(['status', '-p', 'shop', '--lang', 'es']);
  assert.match(spanish.stdout, /versión 3 +sano/);
  assert.match(spanish.stdout, /x no es un número de versión/);
  const byLocale = await home.ok(['status', '-p', 'shop'], { env: { LANG: 'es_PE.UTF-8' } });
  assert.equal(byLocale.stdout, spanish.stdout);
});

test('status ends with 1 when something desired is not healthy, with 2 for an unknown project', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ statuses: { shop: shop('degraded') } }));
  assert.equal((await home.cli(['status', '-p', 'shop'])).code, 1);
  const unknown = await home.cli(['status', '-p', 'shp', '--json']);
  assert.equal(unknown.code, 2);
  const { error } = JSON.parse(unknown.stdout);
  assert.equal(error.code, 'DAEMON_UNKNOWN_PROJECT');
  assert.match(error.hint, /shop/);
});

test('without -p the only project is meant, but never one of another Compose file', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ statuses: { shop: shop() } }));
  const folder = join(home.dir, 'elsewhere');
  mkdirSync(folder);
  assert.equal((await home.cli(['status'], { cwd: folder })).code, 0);
  writeFileSync(join(folder, 'compose.yaml'), 'services: {}\n');
  const refused = await home.cli(['down', '-y'], { cwd: folder });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /nothing is deployed from .*elsewhere.*shop/s);
  assert.equal((await home.cli(['status', '-f', join(folder, 'compose.yaml')])).code, 2);
});

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

test('rollback, scale, restart, switchover and down reach the engine with their arguments', async () => {
  await using home = await freshHome();
  const engine = fakeEngine({ statuses: { shop: shop() }, events: deployed.slice(-1) });
  await using _daemon = await fakeDaemon(home.dir, engine);
  await home.ok(['rollback', '2', '-p', 'shop']);
  await home.ok(['scale', 'web=3', 'worker=0', '-p', 'shop']);
  await home.ok(['restart', 'web', '-p', 'shop']);
  await home.ok(['-p', 'shop', 'switchover']);
  await home.ok(['down', '-p', 'shop', '-y']);
  assert.deepEqual(
    engine.asked.map(({ method, ...rest }) => [method, 'detail' in rest ? rest.detail : undefined]),
    [
      ['rollback', 2],
      ['scale', { web: 3, worker: 0 }],
      ['restart', ['web']],
      ['switchover', { waitMs: 0, by: engine.asked[3] && detailBy(engine.asked[3]) }],
      ['down', { waitMs: 0, by: engine.asked[4] && detailBy(engine.asked[4]) }],
    ],
  );
});

function detailBy(asked: object): unknown {
  return (asked as { detail?: { by?: unknown } }).detail?.by;
}

test('down without a terminal needs -y and touches nothing', async () => {
  await using home = await freshHome();
  const engine = fakeEngine({ statuses: { shop: shop() } });
  await using _daemon = await fakeDaemon(home.dir, engine);
  const refused = await home.cli(['down', '-p', 'shop']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /timonel down -y/);
  assert.deepEqual(engine.asked, []);
});

test('logs prints lines with time and instance, passes its filters on, and --json one document a line', async () => {
  await using home = await freshHome();
  const line = {
    time,
    project: 'shop',
    service: 'web',
    instance: 'web-r3-1',
    release: 3,
    stream: 'stdout',
    text: 'hola',
  } as const;
  const engine = fakeEngine({ statuses: { shop: shop() }, lines: [line] });
  await using _daemon = await fakeDaemon(home.dir, engine);
  const text = await home.ok([
    'logs',
    'web',
    '-p',
    'shop',
    '--tail',
    '5',
    '--release',
    '3',
    '--since',
    '2026-11-22T09:00:00Z',
  ]);
  assert.match(text.stdout, /^2026-11-22 \d\d:00:00 web-r3-1 \| hola$/m);
  const [asked] = engine.asked;
  assert.deepEqual(asked, {
    method: 'logs',
    project: 'shop',
    detail: { project: 'shop', service: 'web', tail: 5, release: 3, since: time - 3_600_000 },
  });
  const json = await home.ok(['logs', '-p', 'shop', '--json']);
  assert.deepEqual(JSON.parse(json.stdout), { ...line, time: '2026-11-22T10:00:00.000Z' });
});

test('a wrong command line ends with 2 and names what was probably meant', async () => {
  await using home = await freshHome();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['statsu'], /did you mean: timonel status/],
    [['deploy', '--wiat', '5s'], /did you mean --wait\?/],
    [['deploy', '--wait'], /--wait needs a value: --wait DURATION/],
    [['deploy', '--wait', 'soon', '-f', '-'], /--wait soon: should be a duration/],
    [['deploy', '--runtime', 'podman'], /should be one of process, docker/],
    [['status', '--json=1'], /--json takes no value/],
    [['deploy', 'a', 'b'], /it is: timonel deploy \[DIR \| -f FILE\]/],
    [['deploy', '/does/not/exist'], /there is no file or folder/],
    [['scale', 'web'], /should be SERVICE=COUNT/],
    [['rollback', 'last'], /no release number/],
    [['daemon', 'strat'], /did you mean: timonel daemon start/],
    [['logs', '--tail', '-3', '-p', 'shop'], /--tail/],
  ];
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ statuses: { shop: shop() } }));
  for (const [args, says] of cases) {
    const result = await home.cli([...args, '--lang', 'en']);
    assert.equal(result.code, 2, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, says, args.join(' '));
  }
});

test('every command has help in both languages, on standard output, with exit code 0', async () => {
  await using home = await freshHome();
  const list = await home.ok(['help']);
  const names = [...list.stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map((match) => match[1] ?? '');
  assert.ok(names.length >= 15, list.stdout);
  for (const name of names) {
    const english = await home.ok([name, '--help']);
    const spanish = await home.ok([name, '--help', '--lang', 'es']);
    assert.match(english.stdout, new RegExp(`^Usage: timonel ${name}`));
    assert.match(spanish.stdout, new RegExp(`^Uso: timonel ${name}`));
    assert.match(english.stdout, /--json/);
  }
});

test('the socket is for its owner alone', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine());
  assert.equal(statSync(join(home.dir, 'timonel.sock')).mode & 0o777, 0o600);
  assert.equal(statSync(home.dir).mode & 0o777, 0o700);
});

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
