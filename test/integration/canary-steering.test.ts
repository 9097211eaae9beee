import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import type { CanaryReport } from '#model/canary.ts';
import { type AppProject, appProject } from '../support/app-project.ts';
import { endOf, succeeded } from '../support/events.ts';
import { type CliResult, freshHome, type Home } from '../support/home.ts';
import { renderReport, startLoad } from '../support/load.ts';

/*
 * People and a canary: each command as it is typed, at a real daemon, proxy and processes under load. A canary outlives
 * the daemon, a third release does no harm, and whoever it was that answered, no request fails.
 */

const waits = `
        kind: canary
        steps: [{ weight: 0%, pause: forever }, { weight: 50%, pause: forever }]
        match: { header: { X-Canary: 'yes' } }
        analysis: { interval: 1s, minRequests: 20 }`;

interface Underway {
  readonly home: Home;
  readonly app: AppProject;
  /** The deployment of the second release, to its end. */
  readonly deployed: Promise<CliResult>;
  /** Waits until `status` shows the canary so. */
  seen(percent: number, state: CanaryReport['state']): Promise<void>;
  command(...args: readonly string[]): Promise<CliResult>;
}

/** Release 1 serves under load, and release 2 comes as a canary; no request may fail, whatever `work` does. */
async function withCanary(strategy: string, work: (underway: Underway) => Promise<void>): Promise<void> {
  await using home = await freshHome();
  const app = appProject(home);
  succeeded(await app.deploy({ strategy, env: { VERSION: 1 } }));
  const load = startLoad({
    ...{ address: '127.0.0.1', port: home.httpPort, host: app.host },
    path: (kind) => (kind === 'slow' ? '/slow/2000' : kind === 'post' ? '/echo' : '/'),
    workers: { 'keep-alive': 1, think: 2, fresh: 2, post: 1, slow: 1 },
  });
  try {
    const deployed = app.deploy({ strategy, env: { VERSION: 2 } });
    await work({
      ...{ home, app, deployed },
      seen: (percent, state) =>
        until(`a canary ${state} at ${percent} %`, async () => {
          const [canary] = (await statusOf(home, app)).canaries ?? [];
          return canary?.percent === percent && canary.state === state;
        }),
      command: (...args) => home.cli([...args, '-p', app.name]),
    });
    const report = await load.stop();
    assert.equal(report.failures.length, 0, renderReport(report));
  } finally {
    await load.stop();
  }
}

/** The daemon may just be starting again. */
async function statusOf(home: Home, app: AppProject): Promise<Partial<Awaited<ReturnType<Home['status']>>>> {
  return home.status(app.name).catch(() => ({}));
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (const giveUp = Date.now() + 60_000; !(await isTrue()); ) {
    assert.ok(Date.now() < giveUp, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Which versions answer ten requests. */
async function versions({ home, app }: Underway, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answers = await Promise.all(
    Array.from(
      { length: 10 },
      () =>
        new Promise<string>((resolve, reject) => {
          const options = {
            host: '127.0.0.1',
            port: home.httpPort,
            headers: { host: app.host, ...headers },
            agent: false,
          };
          request(options, (answer) => {
            answer.resume();
            answer.on('end', () => resolve(String(answer.headers['x-version'])));
          })
            .on('error', reject)
            .end();
        }),
    ),
  );
  return [...new Set(answers)].toSorted().join();
}

test('testers first, then promoted share by share', async () => {
  await withCanary(waits, async (underway) => {
    const { seen, command, deployed } = underway;
    await seen(0, 'waiting');
    assert.deepEqual([await versions(underway), await versions(underway, { 'x-canary': 'yes' })], ['1', '2']);
    const shown = await command('status', '--lang', 'en');
    assert.match(shown.stdout, /web: canary, share 1 of 2: 0 %.*waits for timonel promote or timonel abort/);
    const promoted = await command('promote', '--json');
    assert.deepEqual([promoted.code, JSON.parse(promoted.stdout).order], [0, 'promote']);
    await seen(50, 'waiting');
    assert.equal(await versions(underway), '1,2');
    assert.match((await command('promote', '--lang', 'es')).stderr, /promovido al paso siguiente/);
    const result = await deployed;
    assert.deepEqual([result.code, endOf(result).state], [0, 'succeeded'], result.stdout);
    assert.equal(await versions(underway), '2');
    assert.equal((await command('promote')).code, 2);
  });
});

test('kill -9 of the daemon in the middle, paused: the pause holds, the way in stays, resume and promote go on', async () => {
  await withCanary(waits, async (underway) => {
    const { home, seen, command, deployed } = underway;
    await seen(0, 'waiting');
    assert.equal((await command('promote')).code, 0);
    await seen(50, 'waiting');
    assert.equal((await command('pause')).code, 0);
    await seen(50, 'paused');
    process.kill(home.daemonPid(), 'SIGKILL');
    assert.equal(await versions(underway), '1,2');
    await seen(50, 'paused');
    assert.equal(await versions(underway, { 'x-canary': 'yes' }), '2');
    assert.equal((await command('resume')).code, 0);
    await seen(50, 'waiting');
    assert.equal((await command('promote', '--full')).code, 0);
    const result = await deployed;
    assert.deepEqual([result.code, endOf(result).state], [0, 'succeeded'], result.stdout);
  });
});

test('abort, with a third release waiting behind it', async () => {
  await withCanary(waits, async (underway) => {
    const { home, app, seen, command, deployed } = underway;
    await seen(0, 'waiting');
    await command('promote');
    await seen(50, 'waiting');
    app.write({ strategy: 'rolling', env: { VERSION: 3 } });
    const refused = await home.cli(['deploy', app.folder, '--json']);
    assert.equal(refused.code, 3, refused.stdout);
    const third = home.cli(['deploy', app.folder, '--json', '--wait', '2m']);
    assert.equal(await versions(underway), '1,2');
    const aborted = await command('abort', '--json');
    assert.deepEqual(
      [aborted.code, endOf(aborted).state, endOf(aborted).reasonCode],
      [0, 'cancelled', 'CANARY_ABORTED'],
    );
    assert.equal((await deployed).code, 1);
    succeeded(await third);
    assert.equal(await versions(underway), '3');
    const status = await home.status(app.name);
    assert.ok(status.services[0]?.instances.every((one) => one.release === status.release));
  });
});
