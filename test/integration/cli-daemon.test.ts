import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { appProject } from '../support/app-project.ts';
import { endOf } from '../support/events.ts';
import { freshHome, type Home, root } from '../support/home.ts';
import { startLoad } from '../support/load.ts';

/* The daemon's life as the command line leads it, with the real daemon. */

test('any command starts the daemon; start, status and stop say what is; nothing of the shell leaks into it', async () => {
  await using home = await freshHome();
  assert.equal((await home.cli(['daemon', 'status'])).code, 1);
  const started = await home.ok(['daemon', 'start', '--json'], { env: { DATABASE_PASSWORD: 'canary-7731' } });
  const health = JSON.parse(started.stdout);
  assert.equal(health.running, true);
  assert.equal(health.pid, home.daemonPid());
  const { httpPort, httpsPort } = home;
  assert.deepEqual(health.settings, {
    httpPort,
    httpsPort,
    edgeAddress: '127.0.0.1',
    trustedProxies: [],
    proxyImage: '',
    metricsAddress: '',
  });
  assert.doesNotMatch(readFileSync(`/proc/${health.pid}/environ`, 'utf8'), /canary-7731/);
  assert.equal(readFileSync(join(home.dir, 'daemon.pid'), 'utf8'), `${health.pid}\n`);
  assert.equal(statSync(join(home.dir, 'timonel.sock')).mode & 0o777, 0o600);
  assert.equal(statSync(join(home.dir, 'daemon.log')).mode & 0o777, 0o600);
  const again = await home.ok(['daemon', 'start', '--json']);
  assert.equal(JSON.parse(again.stdout).pid, health.pid);
  assert.match((await home.ok(['daemon', 'status'])).stdout, new RegExp(`process ${health.pid}`));
  assert.match((await home.ok(['daemon', 'stop'])).stdout, /instances and proxy go on serving/);
  assert.equal(existsSync(join(home.dir, 'daemon.pid')), false);
  assert.equal((await home.ok(['daemon', 'stop', '--json'])).stdout, '{"running":false}\n');
});

test('ports are remembered by the home for a start without them, and a difference is told', async () => {
  await using home = await freshHome();
  await home.ok(['daemon', 'start']);
  const differs = await home.ok(['daemon', 'start'], { env: { TIMONEL_HTTP_PORT: '1' } });
  assert.match(differs.stderr, new RegExp(`uses httpPort ${home.httpPort}, not 1`));
  await home.ok(['daemon', 'stop']);
  const unset = { TIMONEL_HTTP_PORT: '', TIMONEL_HTTPS_PORT: '', TIMONEL_EDGE_ADDRESS: '' };
  const started = await home.ok(['daemon', 'start', '--json'], { env: unset });
  assert.equal(JSON.parse(started.stdout).settings.httpPort, home.httpPort);
});

test('five commands at once start one daemon', async () => {
  await using home = await freshHome();
  const results = await Promise.all(Array.from({ length: 5 }, () => home.ok(['daemon', 'start', '--json'])));
  const pids = new Set(results.map((one) => JSON.parse(one.stdout).pid));
  assert.deepEqual([...pids], [home.daemonPid()]);
});

test('after kill -9 the next command starts another, in spite of what the dead one left', async () => {
  await using home = await freshHome();
  await home.ok(['daemon', 'start']);
  const first = home.daemonPid();
  process.kill(first, 'SIGKILL');
  await home.ok(['daemon', 'start']);
  assert.notEqual(home.daemonPid(), first);
});

test('a deleted socket is opened again; a deleted home ends its daemon', async () => {
  await using home = await freshHome();
  await home.ok(['daemon', 'start']);
  const pid = home.daemonPid();
  rmSync(join(home.dir, 'timonel.sock'));
  await waitFor(() => existsSync(join(home.dir, 'timonel.sock')));
  const status = await home.ok(['daemon', 'status', '--json']);
  assert.equal(JSON.parse(status.stdout).pid, pid);
  rmSync(home.dir, { recursive: true, maxRetries: 5 });
  await waitFor(() => !isRunning(pid));
});

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}

test('a daemon that cannot start: why, from its own log, and nothing left half done', async () => {
  await using home = await freshHome();
  const wrong = await home.cli(['daemon', 'start'], { env: { TIMONEL_HTTP_PORT: '80a' } });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /TIMONEL_HTTP_PORT=80a should be 1-65535/);
  writeFileSync(join(home.dir, 'settings.json'), '{ not JSON');
  const broken = await home.cli(['daemon', 'start']);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /the daemon could not start[\s\S]*settings\.json/);
  writeFileSync(join(home.dir, 'file'), '');
  const noFolder = await home.cli(['status'], { env: { TIMONEL_HOME: join(home.dir, 'file') } });
  assert.equal(noFolder.code, 1);
  assert.match(noFolder.stderr, /cannot use the folder .*file/);
  const deep = join(home.dir, 'x'.repeat(90));
  const tooLong = await home.cli(['daemon', 'start'], { env: { TIMONEL_HOME: deep } });
  assert.equal(tooLong.code, 1);
  assert.match(tooLong.stderr, /too long for a socket/);
});

test('a daemon of another version is replaced, unless it is deploying', async () => {
  await using home = await freshHome();
  using old = await oldDaemon(home, '0.0.1', 1);
  const waits = await home.cli(['status', '-p', 'shop']);
  assert.match(waits.stderr, /still version 0\.0\.1 .* because it is deploying/);
  assert.equal(old.hasEnded(), false);
  old[Symbol.dispose]();
  await old.end;
  using idle = await oldDaemon(home, '0.0.1', 0);
  const replaced = await home.ok(['daemon', 'start', '--json']);
  assert.match(replaced.stderr, /was version 0\.0\.1; it is being replaced by/);
  await idle.end;
  assert.notEqual(JSON.parse(replaced.stdout).version, '0.0.1');
});

async function oldDaemon(home: Home, version: string, deployments: number) {
  const args = [join(root, 'test/support/old-daemon.ts'), home.dir, version, String(deployments)];
  const child = spawn(process.execPath, args, { env: home.env, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    end,
    hasEnded: () => child.exitCode !== null,
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
    },
  };
}

test('install says so and changes nothing where systemd does not run the machine', async (context) => {
  if (existsSync('/run/systemd/system')) return context.skip('systemd runs this machine');
  await using home = await freshHome();
  const result = await home.cli(['daemon', 'install']);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /systemd does not run this machine[\s\S]*timonel daemon start/);
  assert.equal(existsSync('/etc/systemd/system/timonel.service'), false);
});

test('daemon run serves in the foreground until it is told to end', async () => {
  await using home = await freshHome();
  const child = spawn(join(root, 'timonel'), ['daemon', 'run'], { env: home.env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    // Not a moment later than it can be read: who reads it may send the signal at once.
    for (const giveUp = Date.now() + 20_000; !existsSync(join(home.dir, 'daemon.pid')); )
      assert.ok(Date.now() < giveUp);
    assert.equal(home.daemonPid(), child.pid, 'it is the same process, so that a supervisor can watch it');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.equal(existsSync(join(home.dir, 'daemon.pid')), false);
  } finally {
    child.kill('SIGKILL');
  }
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('kill -9 of the daemon in the middle of a deploy: the command says so and follows it to its end, nobody fails', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  assert.equal((await app.deploy({ env: { VERSION: 1 } })).code, 0);
  const load = startLoad({ address: '127.0.0.1', port: home.httpPort, host: app.host, workers: { think: 4 } });
  app.write({ env: { VERSION: 2 } });
  const child = spawn(join(root, 'timonel'), ['deploy', app.folder, '--json'], { env: home.env });
  const said = text(child.stderr);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (!out.includes('step-done') && (out + chunk).includes('step-done')) process.kill(home.daemonPid(), 'SIGKILL');
    out += chunk;
  });
  const [code] = await once(child, 'close');
  await load.stop();
  const report = await load.stop();
  assert.match(await said, /lost the daemon during deployment .*; starting it again/, out);
  const result = { code: Number(code), stdout: out, stderr: await said, tookMs: 0 };
  assert.equal(endOf(result).code, code);
  assert.ok(['succeeded', 'rolled-back'].includes(String(endOf(result).state)), out);
  assert.deepEqual(report.failures, []);
  // What goes on serving is not called down by a daemon that has just begun.
  await home.ok(['daemon', 'stop']);
  assert.equal((await home.status(app.name)).state, 'healthy');
});

test('Ctrl-C leaves a real deployment to itself, and cancel undoes one', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  await app.deploy({ env: { VERSION: 1 } });
  app.write({ env: { VERSION: 2 } });
  const left = spawn(join(root, 'timonel'), ['deploy', app.folder], { env: home.env });
  const said = text(left.stderr);
  await once(left.stdout, 'data');
  left.kill('SIGINT');
  assert.equal((await once(left, 'close'))[0], 130);
  assert.match(await said, /goes on without you[\s\S]*timonel cancel -p app/);
  await waitForState(home, app.name, 'succeeded');
  assert.equal((await home.status(app.name)).release, 2);

  app.write({ env: { VERSION: 3, START_DELAY_MS: 60_000 } });
  const slow = home.cli(['deploy', app.folder, '--json']);
  await waitForState(home, app.name, 'running');
  const cancelled = await home.ok(['cancel', '-p', app.name, '--json']);
  assert.equal(endOf(cancelled).state, 'cancelled');
  assert.equal(endOf(await slow).state, 'cancelled');
  assert.equal((await home.status(app.name)).release, 2);
  assert.match((await home.ok(['cancel', '-p', app.name])).stderr, /nothing was changed/);
});

async function waitForState(home: Home, project: string, state: string): Promise<void> {
  for (;;) {
    const { lastDeployment } = await home.status(project);
    if (lastDeployment?.state === state) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('two homes side by side on one machine do not see each other', async () => {
  await using one = await freshHome();
  await using other = await freshHome();
  await one.ok(['daemon', 'start']);
  await other.ok(['daemon', 'start']);
  assert.notEqual(one.daemonPid(), other.daemonPid());
  await appProject(one).deploy({});
  assert.equal((await other.cli(['status', '-p', 'app'])).code, 2);
});

test('config needs no daemon, home or root', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-config-'));
  await using home = await freshHome();
  try {
    mkdirSync(join(folder, 'shop'));
    writeFileSync(
      join(folder, 'shop/compose.yaml'),
      'services:\n  web:\n    image: nginx:${TAG:-1.27}\n    ports: ["80:80"]\n',
    );
    const env = { TIMONEL_HOME: join(home.dir, 'none') };
    const model = JSON.parse((await home.ok(['config', 'shop', '--format', 'json'], { cwd: folder, env })).stdout);
    assert.equal(model.name, 'shop');
    assert.equal(model.services.web.image, 'nginx:1.27');
    assert.equal((await home.ok(['config', 'shop', '--services'], { cwd: folder, env })).stdout, 'web\n');
    assert.equal((await home.ok(['config', 'shop', '--images'], { cwd: folder, env })).stdout, 'nginx:1.27\n');
    const plain = await home.ok(['config', 'shop', '--no-interpolate'], { cwd: folder, env });
    assert.match(plain.stdout, /nginx:\$\{TAG:-1\.27\}/);
    await home.ok(['config', 'shop', '-o', 'out.yaml'], { cwd: folder, env });
    assert.match(readFileSync(join(folder, 'out.yaml'), 'utf8'), /image: nginx:1\.27/);
    const invalid = await home.cli(['config', '-f', '-', '--json'], {
      cwd: folder,
      env,
      input: 'services:\n  web: {imagen: x}\n',
    });
    assert.equal(invalid.code, 2);
    assert.match(JSON.parse(invalid.stdout).error.findings[0].message, /imagen/);
    assert.equal(existsSync(env.TIMONEL_HOME), false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
