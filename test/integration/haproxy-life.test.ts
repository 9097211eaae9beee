import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '#adapters/clock.ts';
import { findProxy } from '#adapters/haproxy/binary.ts';
import { hostAddresses } from '#adapters/haproxy/host-addresses.ts';
import { createHaproxy } from '#adapters/haproxy/index.ts';
import { HostLauncher } from '#adapters/haproxy/launch/host-launcher.ts';
import { layoutOf } from '#adapters/haproxy/layout.ts';
import { Master } from '#adapters/haproxy/master.ts';
import { lives, processId, proxyProcesses } from '#adapters/haproxy/processes.ts';
import { hasCode } from '#core/errors.ts';
import type { Balancer } from '#world/balancer.ts';
import { drained, joined, type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

const published = (stage: Stage, port = 8000) => ({ kind: 'published' as const, address: stage.address, port });

function processes(stage: Stage) {
  return proxyProcesses(layoutOf(stage.home).config);
}

function masterOf(stage: Stage): number {
  return (JSON.parse(readFileSync(layoutOf(stage.home).master, 'utf8')) as { pid: number }).pid;
}

function nextDeath(balancer: Balancer): Promise<void> {
  return new Promise((resolve) => {
    const forget = balancer.watch(() => {
      forget();
      resolve();
    });
  });
}

test('a new adapter goes on with the proxy that runs', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const table = tableOf({ servers: [web.server()], listeners: [published(stage)] });
  await stage.balancer.apply(table);
  const before = processes(stage).map((one) => one.pid);
  await stage.balancer.close();
  const later = stage.another();
  await later.ensureRunning();
  assert.deepEqual(await later.apply(table), { reloaded: false });
  assert.deepEqual(
    processes(stage).map((one) => one.pid),
    before,
  );
  const next = await stage.start('web-r2-1');
  await later.apply(tableOf({ servers: [next.server()], listeners: [published(stage)] }));
  assert.equal((await stage.get('/', { port: 8000 })).body, 'web-r2-1\n');
});

for (const victim of ['master', 'worker'] as const) {
  test(`the ${victim} killed: it is noticed, and the same table is back within a second`, async () => {
    await using stage = await setStage();
    const [one, two] = [await stage.start('web-r1-1'), await stage.start('web-r1-2')];
    await stage.balancer.apply(tableOf({ servers: [one.server()], listeners: [published(stage)] }));
    // Changed over the socket only, after the start: must be there again too.
    await stage.balancer.apply(
      tableOf({ servers: [one.server('maint'), two.server()], listeners: [published(stage)] }),
    );
    const death = nextDeath(stage.balancer);
    const master = masterOf(stage);
    const pid = victim === 'master' ? master : processes(stage).find((process) => process.pid !== master)?.pid;
    process.kill(pid ?? 0, 'SIGKILL');
    await death;
    const since = performance.now();
    await stage.balancer.ensureRunning();
    const took = performance.now() - since;
    assert.equal((await stage.get('/', { port: 8000 })).body, 'web-r1-2\n');
    assert.ok(took < 1000, `back after ${took} ms`);
    const seen = await stage.balancer.observe();
    assert.deepEqual(seen.map(({ server, state }) => [server, state]).sort(), [
      ['web-r1-1', 'maint'],
      ['web-r1-2', 'ready'],
    ]);
  });
}

test('a proxy that died unseen is started by apply', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const table = tableOf({ servers: [web.server()], listeners: [published(stage)] });
  await stage.balancer.apply(table);
  const dead = processes(stage);
  for (const one of dead) process.kill(one.pid, 'SIGKILL');
  while (dead.some(lives)) await new Promise((resolve) => setTimeout(resolve, 5));
  await stage.balancer.apply(table);
  assert.equal((await stage.get('/', { port: 8000 })).status, 200);
});

test('workers that a dead master left behind are ended before they can share our ports', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  await stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [published(stage)] }));
  await stage.balancer.stop();
  // A proxy of this home that no master socket leads to: what an unlucky kill leaves.
  const { config, handover } = layoutOf(stage.home);
  mkdirSync(handover, { recursive: true });
  const orphan = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(processes(stage).length, 1);
  const ended = new Promise((resolve) => orphan.once('exit', resolve));
  await stage.another().ensureRunning();
  await ended;
  assert.ok(!processes(stage).some((one) => one.pid === orphan.pid));
});

test('a port that another process holds is an error naming it, and the old table stays', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  await stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [published(stage)] }));
  const holder = createServer().listen(8001, stage.address);
  try {
    await new Promise((resolve) => holder.once('listening', resolve));
    const wanted = tableOf({ servers: [web.server()], listeners: [published(stage), published(stage, 8001)] });
    await assert.rejects(stage.balancer.apply(wanted), (error) => {
      assert.ok(hasCode(error, 'PROXY_PORT_TAKEN'));
      assert.match(error.message, new RegExp(`port 8001 on .* is held by process ${process.pid} `));
      return true;
    });
    assert.deepEqual(await stage.balancer.portHolder(stage.address, 8001), {
      pid: process.pid,
      name: nameOf(process.pid),
    });
    assert.equal(await stage.balancer.portHolder(stage.address, 8000), undefined, 'our own is no rival');
    assert.equal((await stage.get('/', { port: 8000 })).status, 200);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
});

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

test('a port published on every address leaves the instances their own', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1', undefined, 18_901);
  const everywhere = { kind: 'published' as const, address: '0.0.0.0', port: web.port };
  const own = { kind: 'neighbour' as const, address: stage.address, port: web.port };
  await stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [everywhere, own] }));
  const next = await stage.start('web-r2-1', undefined, web.port);
  await stage.balancer.apply(tableOf({ servers: [next.server()], listeners: [everywhere, own] }));
  for (const address of ['127.0.0.1', stage.address, ...hostAddresses().filter((one) => !one.includes(':'))]) {
    assert.equal((await stage.get('/', { address, port: web.port })).body, 'web-r2-1\n', address);
  }
  assert.equal(await stage.balancer.portHolder('0.0.0.0', 18_902), undefined);
});

test('a stolen port does not keep the rest down when the proxy comes back', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const table = tableOf({ servers: [web.server()], listeners: [published(stage), published(stage, 8001)] });
  await stage.balancer.apply(table);
  await stage.balancer.stop();
  const thief = createServer().listen(8001, stage.address);
  try {
    await new Promise((resolve) => thief.once('listening', resolve));
    await stage.balancer.ensureRunning();
    assert.equal((await stage.get('/', { port: 8000 })).status, 200);
    await assert.rejects(stage.balancer.apply(table), (error) => hasCode(error, 'PROXY_PORT_TAKEN'));
  } finally {
    await new Promise((resolve) => thief.close(resolve));
  }
});

test('a configuration that HAProxy refuses leaves the running one', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  await stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [published(stage)] }));
  const before = processes(stage).map((one) => one.pid);
  const match = { kind: 'host-regexp' as const, pattern: '(' };
  const broken = tableOf({ servers: [web.server()], listeners: [published(stage)], routes: [{ match }] });
  await assert.rejects(stage.balancer.apply(broken), (error) => hasCode(error, 'PROXY_CONFIG_REJECTED'));
  assert.equal((await stage.get('/', { port: 8000 })).status, 200);
  assert.deepEqual(
    processes(stage).map((one) => one.pid),
    before,
  );
});

test('a proxy that cannot start says why, and a good table starts it', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const match = { kind: 'host-regexp' as const, pattern: '(' };
  await assert.rejects(
    stage.balancer.apply(tableOf({ servers: [web.server()], routes: [{ match }] })),
    (error) => hasCode(error, 'PROXY_START_FAILED') && /regex|regular/i.test(error.message),
  );
  await stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [published(stage)] }));
  assert.equal((await stage.get('/', { port: 8000 })).status, 200);
});

test('an address of no interface is refused before the reload, which would refuse connections meanwhile', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const good = tableOf({ servers: [web.server()], listeners: [published(stage)] });
  await stage.balancer.apply(good);
  const foreign = { kind: 'published' as const, address: '203.0.113.7', port: 8000 };
  await assert.rejects(
    stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [published(stage), foreign] })),
    (error) => hasCode(error, 'PROXY_CANNOT_LISTEN') && /203\.0\.113\.7:8000/.test(error.message),
  );
  assert.equal((await stage.get('/', { port: 8000 })).status, 200);
});

test('a reload that fails all the same leaves the old worker serving, and the next one works', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const good = tableOf({ servers: [web.server()], listeners: [published(stage)] });
  await stage.balancer.apply(good);
  const layout = layoutOf(stage.home);
  const master = processId(masterOf(stage));
  assert.ok(master);
  // Behind the adapter's back: an address of no interface passes HAProxy's check and fails at the bind.
  writeFileSync(layout.config, `${readFileSync(layout.config, 'utf8')}frontend x from tcp\n  bind 203.0.113.7:8000\n`);
  await assert.rejects(
    new Master({ layout, clock: systemClock }).reload(master, 'other', new HostLauncher(layout)),
    (error) => hasCode(error, 'PROXY_RELOAD_FAILED') && /203\.0\.113\.7/.test(error.message),
  );
  assert.equal((await stage.get('/', { port: 8000 })).status, 200);
  await stage.balancer.apply(joined(good, tableOf({ listeners: [published(stage, 8002)], servers: [web.server()] })));
  assert.equal((await stage.get('/', { port: 8002 })).status, 200);
});

test('files: private, whole, and nothing left over', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  await stage.balancer.apply(
    tableOf({ servers: [web.server()], routes: [{ entries: ['https'], tls: { kind: 'self-signed' } }] }),
  );
  const folder = join(stage.home, 'haproxy');
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const pem = join(folder, 'certificates', 'default.pem');
  assert.equal(statSync(pem).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.draft') || name.endsWith('.new')),
    [],
  );
});

test('without HAProxy the error says how to get it', () => {
  assert.ok(existsSync(findProxy()));
  assert.throws(
    () => findProxy('/nonexistent', []),
    (error) => hasCode(error, 'PROXY_NOT_INSTALLED') && /apt-get install -y haproxy/.test(error.hint ?? ''),
  );
});

test('sockets of homes that were deleted are taken away by the next proxy', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only a proxy started by root keeps sockets outside of its home');
  const gone = '/run/timonel-0123456789ab';
  mkdirSync(gone, { recursive: true });
  try {
    writeFileSync(join(gone, 'home'), '/nonexistent/home/haproxy\n');
    await using stage = await setStage();
    await stage.balancer.ensureRunning();
    const { handover } = layoutOf(stage.home);
    assert.deepEqual([existsSync(gone), existsSync(handover)], [false, true]);
    await stage.balancer.stop();
    assert.equal(existsSync(handover), false);
  } finally {
    rmSync(gone, { recursive: true, force: true });
  }
});

test('a home too deep for a socket is refused at once, by name', () => {
  const home = `/tmp/${'x'.repeat(100)}`;
  assert.throws(
    () => createHaproxy({ home, httpPort: 1, httpsPort: 2, edgeAddress: '127.0.0.1', clock: systemClock }),
    (error) => hasCode(error, 'PROXY_HOME_TOO_LONG'),
  );
});

test('an instance with work is removed when its work is done', async () => {
  await using stage = await setStage();
  const [old, next] = [await stage.start('web-r1-1'), await stage.start('web-r2-1')];
  const table = (...servers: ReturnType<typeof old.server>[]) => tableOf({ servers, listeners: [published(stage)] });
  await stage.balancer.apply(table(old.server()));
  const slow = stage.get('/slow/600', { port: 8000 });
  while (old.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await stage.balancer.apply(table(next.server()));
  assert.equal((await stage.balancer.observe()).find((one) => one.server === old.id)?.sessions, 1);
  assert.equal((await stage.get('/', { port: 8000 })).body, 'web-r2-1\n');
  assert.equal((await slow).body, 'web-r1-1\n');
  await drained(stage.balancer, old.id);
  const end = Date.now() + 10_000;
  const names = async () => (await stage.balancer.observe()).map((one) => one.server);
  while ((await names()).includes(old.id) && Date.now() < end) {
    await stage.balancer.apply(table(next.server()));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(await names(), ['web-r2-1']);
});

test('counters go on over reloads', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const table = (port: number) =>
    tableOf({ servers: [web.server()], listeners: [published(stage), published(stage, port)] });
  await stage.balancer.apply(table(8001));
  for (const path of ['/', '/', '/status/500']) await stage.get(path, { port: 8000 });
  const counters = async () =>
    (await stage.balancer.observe(['p/web:9000'])).map((one) => [one.requests, one.serverErrors]);
  assert.deepEqual(await counters(), [[3, 1]]);
  await stage.balancer.apply(table(8002));
  await stage.get('/', { port: 8000 });
  assert.deepEqual(await counters(), [[4, 1]]);
});

test('a torn table file is no table, and the proxy starts all the same', async () => {
  await using stage = await setStage();
  await stage.balancer.ensureRunning();
  await stage.balancer.stop();
  writeFileSync(layoutOf(stage.home).table, '{"backends":');
  await stage.balancer.ensureRunning();
  assert.equal(processes(stage).length, 2);
});
