import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { readVersion } from '#daemon/version.ts';
import { fakeDaemon } from '../support/fake-daemon.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { freshHome } from '../support/home.ts';
import { deployed, shop, time } from '../support/shop.ts';

/*
 * The command line as scripts and people use it, against the daemon's own server over an engine that answers what the
 * test says: surface, exit codes, languages, JSON. What the real engine does is the business of deploy.test.ts.
 */

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
  assert.match(english.stdout, /web +1\/1 +3 +rolling +- +http:\/\/shop\.localhost/);
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
    detail: { project: 'shop', services: ['web'], tail: 5, release: 3, since: time - 3_600_000 },
  });
  const json = await home.ok(['logs', '-p', 'shop', '--json']);
  assert.deepEqual(JSON.parse(json.stdout), { ...line, time: '2026-11-22T10:00:00.000Z' });
});

test('the socket is for its owner alone', async () => {
  await using home = await freshHome();
  await using _daemon = await fakeDaemon(home.dir, fakeEngine());
  assert.equal(statSync(join(home.dir, 'timonel.sock')).mode & 0o777, 0o600);
  assert.equal(statSync(home.dir).mode & 0o777, 0o700);
});

test('a daemon that dies before it takes an order: nobody knows, so it is said and not asked for twice', async () => {
  await using home = await freshHome();
  let orders = 0;
  const daemon = createServer((request, response) => {
    if (request.method === 'GET') {
      const settings = { httpPort: home.httpPort, httpsPort: home.httpsPort, edgeAddress: '127.0.0.1' };
      const health = { version: readVersion(), pid: process.pid, startedAt: '', recovering: false, deployments: 0 };
      response.end(JSON.stringify({ ...health, settings: { ...settings, trustedProxies: [] } }));
    } else {
      orders += 1;
      request.socket.destroy();
    }
  });
  await once(daemon.listen(join(home.dir, 'timonel.sock')), 'listening');
  try {
    const result = await home.cli(['restart', '-p', 'shop', '--lang', 'en']);
    assert.equal(result.code, 1, result.stderr);
    assert.match(result.stderr, /ended before it said what came of the order.*\n.*timonel status/);
    assert.equal(orders, 1);
  } finally {
    daemon.close();
  }
});
