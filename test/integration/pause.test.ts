import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AppProject, appProject } from '../support/app-project.ts';
import { endOf, succeeded } from '../support/events.ts';
import { freshHome, type Home } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';

/*
 * `timonel pause SERVICE`: requests wait in a real proxy, whatever becomes of the daemon, the proxy and the releases
 * meanwhile, until `timonel resume`; and nobody can overlook it.
 */

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
  readonly tookMs: number;
}

function ask({ httpPort }: Home, { host }: AppProject, path = '/', body?: string): Promise<Reply> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: httpPort, path, headers: { host }, agent: false };
    const sent = request({ ...options, method: body === undefined ? 'GET' : 'POST' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'],
          body: text,
          tookMs: performance.now() - from,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function staged(
  work: (home: Home, app: AppProject) => Promise<void>,
  more: Parameters<AppProject['deploy']>[0] = {},
) {
  await using home = await freshHome();
  const app = appProject(home);
  succeeded(await app.deploy({ env: { VERSION: 1 }, ...more }));
  await work(home, app);
}

const pausedNow = async (home: Home, app: AppProject) =>
  (await home.status(app.name)).services.find((one) => one.name === 'web')?.paused;

test('200 requests wait over a kill -9 of the daemon, a deployment and a scale, and are all answered', async () => {
  await staged(async (home, app) => {
    const load = startLoad({
      ...{ address: '127.0.0.1', port: home.httpPort, host: app.host },
      workers: { 'keep-alive': 1, think: 2, fresh: 2, post: 1 },
    });
    try {
      const slow = ask(home, app, '/slow/1500');
      await reached(load);
      const first = await home.ok(['pause', 'web', '-p', app.name, '--timeout', '2m', '--json']);
      const [begun] = (JSON.parse(first.stdout) as { paused: { inFlight: number }[] }).paused;
      assert.ok((begun?.inFlight ?? 0) >= 1, first.stdout);
      const again = await home.ok(['pause', 'web', '-p', app.name, '--timeout', '2m', '--drain', '8s', '--lang', 'en']);
      assert.match(again.stderr, /web: new requests wait, 2 min 00 s at most, then they get 503; 0 still in flight/);
      assert.equal((await slow).body.slice(0, 2), '1 ', 'what was in flight ended as usual');

      const waiting = Array.from({ length: 200 }, (_, n) =>
        ask(home, app, '/', n % 2 === 0 ? `order ${n}` : undefined),
      );
      process.kill(home.daemonPid(), 'SIGKILL');
      const seen = await home.cli(['status', '-p', app.name, '--lang', 'es']);
      assert.match(seen.stdout, /las peticiones a web esperan \(2 min 00 s como mucho, después 503\): en pausa por /);
      assert.match(seen.stdout, /timonel resume web -p app/);
      const { since } = (await pausedNow(home, app)) ?? {};
      assert.ok(since !== undefined && Date.parse(since) < Date.now());

      const second = await app.deploy({ env: { VERSION: 2 } });
      assert.equal(endOf(second).state, 'succeeded', second.stdout);
      assert.match(second.stdout, /"warnings":\[\{"code":"WARN_REQUESTS_WAIT"/);
      await home.ok(['scale', 'web=3', '-p', app.name]);
      assert.equal((await pausedNow(home, app))?.since, since, 'it is the same pause');
      assert.equal(await settled(waiting), 0, 'nobody was answered meanwhile');

      const resumed = await home.ok(['resume', 'web', '-p', app.name, '--lang', 'en']);
      assert.match(resumed.stderr, /web: requests go on after /);
      const replies = await Promise.all(waiting);
      assert.deepEqual([...new Set(replies.map((one) => one.status))], [200]);
      assert.ok(
        replies.every((one, n) => n % 2 === 0 || one.body.startsWith('2 ')),
        'by the new release',
      );
      assert.equal(await pausedNow(home, app), undefined);
    } finally {
      const report = await load.stop();
      assert.deepEqual(report.failures, [], renderReport(report));
    }
  });
});

/** Resolves once the load has got answers. */
async function reached(load: ReturnType<typeof startLoad>): Promise<void> {
  while (load.requests() < 20) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function settled(replies: readonly Promise<Reply>[]): Promise<number> {
  const open = Symbol('open');
  const states = await Promise.all(replies.map((one) => Promise.race([one, Promise.resolve(open)])));
  return states.filter((state) => state !== open).length;
}

test('who waits too long gets 503 with Retry-After, at once where the time is 0, and the proxy that is killed holds again', async () => {
  await staged(async (home, app) => {
    await home.ok(['pause', 'web', '-p', app.name, '--timeout', '600ms']);
    const late = await ask(home, app);
    assert.deepEqual([late.status, Number(late.retryAfter) > 0], [503, true]);
    assert.ok(late.tookMs >= 590, `after ${late.tookMs} ms`);

    const { pid } = JSON.parse(readFileSync(join(home.dir, 'haproxy/master.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await until(() =>
      ask(home, app).then(
        ({ status, tookMs }) => status === 503 && tookMs >= 590,
        () => false,
      ),
    );

    const none = await home.ok(['pause', 'web', '-p', app.name, '--timeout', '0', '--lang', 'en']);
    assert.match(none.stderr, /web: new requests get 503 at once/);
    const refused = await ask(home, app);
    assert.deepEqual([refused.status, refused.tookMs < 500], [503, true]);
    await home.ok(['resume', '-p', app.name]);
    assert.equal((await ask(home, app)).status, 200);
  });
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const giveUp = Date.now() + 20_000; !(await isTrue()); ) assert.ok(Date.now() < giveUp, 'waited in vain');
}

test('without a service it says what to type, by the folder as before; down ends a pause', async () => {
  await staged(async (home, app) => {
    const which = await home.cli(['pause', '--lang', 'en'], { cwd: app.folder });
    assert.equal(which.code, 2);
    assert.match(
      which.stderr,
      /no canary of app is under way; to let requests wait, name the services: web\n.*timonel pause web -p app/s,
    );
    assert.equal((await home.cli(['pause', app.folder])).code, 2);
    assert.match((await home.cli(['pause', 'wev', '-p', app.name, '--lang', 'es'])).stderr, /no tiene un servicio wev/);
    assert.match(
      (await home.cli(['pause', 'web', '--timeout', '13h', '-p', app.name])).stderr,
      /cannot wait for more than 12 h/,
    );
    assert.equal((await home.cli(['resume'], { cwd: app.folder })).code, 2);
    assert.match((await home.ok(['resume', 'web', '--lang', 'en'], { cwd: app.folder })).stderr, /web was not paused/);

    await home.ok(['pause', 'web'], { cwd: app.folder });
    await home.ok(['down', '-y', '-p', app.name]);
    succeeded(await app.deploy({ env: { VERSION: 2 } }));
    assert.equal(await pausedNow(home, app), undefined);
    assert.equal((await ask(home, app)).status, 200);
  });
});

test('connections of a service that is not HTTP wait too', async () => {
  const port = 20_000 + (process.pid % 9000);
  const plain = `
  plain:
    build: .
    ports: [{ target: 8080, published: ${port}, host_ip: 127.0.0.1, app_protocol: tcp }]
    x-timonel: { process: { command: [${process.execPath}, server.mjs] }, observe: false }`;
  await staged(
    async (home, app) => {
      assert.match(await talk(port), /^HTTP\/1.1 /);
      await home.ok(['pause', 'plain', '-p', app.name]);
      const waiting = talk(port);
      assert.equal(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 400, 'waits'))]), 'waits');
      await home.ok(['resume', 'plain', '-p', app.name]);
      assert.match(await waiting, /^HTTP\/1.1 /);
    },
    { file: plain },
  );
});

/** What a server of plain connections answers, which happens to be an HTTP answer. */
function talk(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    );
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
  });
}
