import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AppProject, appProject } from '../support/app-project.ts';
import { type EventLine, eventsOf, succeeded } from '../support/events.ts';
import { freshHome, type Home, root } from '../support/home.ts';

/*
 * `timonel events`: what a real daemon, proxy and processes do by themselves is told, kept, and followed over a daemon
 * that dies.
 */

const breaker = 'breaker: { when: "ResponseCodeRatio(500, 600, 0, 600) > 0.25", pause: 1s, recovery: 1s }';

function ask({ httpPort }: Home, { host }: AppProject, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: httpPort, path, headers: { host }, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

/** Everything that `timonel events -f --json` printed until now. */
class Follower implements Disposable {
  readonly lines: EventLine[] = [];
  readonly #child;
  #rest = '';

  constructor({ env }: Home, project: string) {
    this.#child = spawn(join(root, 'timonel'), ['events', '-f', '--json', '-p', project], { env, stdio: 'pipe' });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (this.#rest + text).split('\n');
      this.#rest = parts.pop() ?? '';
      this.lines.push(...parts.map((line) => JSON.parse(line) as EventLine));
    });
  }

  /** The first event after `from` that is `event`, and where it stands. */
  async next(event: string, from = 0): Promise<number> {
    for (const giveUp = Date.now() + 30_000; ; ) {
      const index = this.lines.findIndex((line, at) => at >= from && line.event === event);
      if (index >= 0) return index;
      assert.ok(Date.now() < giveUp, `not told: ${event}; but ${this.lines.map((line) => line.event).join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

test('a breaker that opens and closes by itself, an instance that is killed, and a daemon that is killed while they are followed', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  succeeded(await app.deploy({ env: { VERSION: 1 }, replicas: 2, route: breaker }));
  using follower = new Follower(home, app.name);
  await follower.next('deployment-ended');

  for (let n = 0; n < 10; n++) await ask(home, app, '/status/500');
  const opened = follower.lines[await follower.next('breaker-opened')];
  assert.deepEqual([opened?.service, opened?.forMs, opened?.project], ['web', 1000, app.name]);
  assert.match(String(opened?.text), /ResponseCodeRatio\(500, 600, 0, 600\) > 0.25; requests get an error for 1.0 s/);
  await follower.next('breaker-closed', await follower.next('breaker-opened'));

  const victim = (await home.status(app.name)).services[0]?.instances[0];
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  const died = await follower.next('instance-died');
  assert.deepEqual([follower.lines[died]?.instance, follower.lines[died]?.signal], [victim?.id, 'SIGKILL']);
  const restarted = await follower.next('instance-restarted', died);
  assert.equal(follower.lines[restarted]?.instance, victim?.id);
  await follower.next('instance-healthy', restarted);

  const before = follower.lines.length;
  process.kill(home.daemonPid(), 'SIGKILL');
  await home.ok(['pause', 'web', '-p', app.name]);
  await home.ok(['resume', 'web', '-p', app.name]);
  const resumed = await follower.next('resumed', await follower.next('paused', before));
  const times = follower.lines.slice(0, resumed + 1).map((line) => line.time);
  assert.equal(new Set(times).size, times.length, 'nothing was told twice');
  const kept = eventsOf(await home.ok(['events', '-p', app.name, '--json']));
  assert.deepEqual(kept.slice(0, resumed + 1), follower.lines.slice(0, resumed + 1), 'nothing was left out');

  const said = (await home.ok(['events', 'web', '-p', app.name, '--since', '10m', '--lang', 'es'])).stdout;
  assert.match(said, /se abrió el interruptor de la ruta .*\n.*murió \(SIGKILL\)/s);
  assert.doesNotMatch(said, /deploy app-1/, 'that concerns no single service');
  const none = await home.ok(['events', '-p', app.name, '--until', '1h', '--json']);
  assert.equal(none.stdout, '');
});
