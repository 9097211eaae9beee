import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fail } from '#core/errors.ts';
import { say } from '#core/messages/say.ts';
import type { CanaryReport } from '#model/canary.ts';
import type { BreakerStatus } from '#model/metrics.ts';
import type { EventQuery, ProjectEvent } from '#model/project-event.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { type Given, hostRoute, makeSpec } from '../../../test/support/specs.ts';
import { byTest, FakeWorld, tell } from '../../../test/support/world/fake-world.ts';
import { DeploymentNews } from './deployment-news.ts';
import { describeEvent } from './describe.ts';
import { EventBook, type News } from './event-book.ts';

let world: FakeWorld;
beforeEach(() => {
  world = new FakeWorld();
});
afterEach(() => world.close());

const web = (code: string, given: Given = {}): ServiceSpec =>
  makeSpec('web', { code, replicas: 2, routes: [hostRoute('web', 'shop.test')], ...given });
const never = new AbortController().signal;

async function read(query: Partial<EventQuery> = {}): Promise<readonly ProjectEvent[]> {
  return Array.fromAsync(world.engine.events({ project: 'shop', services: [], ...query }, never));
}

/** What `timonel events` would print, without the times. */
async function printed(query: Partial<EventQuery> = {}): Promise<readonly string[]> {
  return (await read(query)).map((event) => say(describeEvent(event), 'en'));
}

async function until(text: string): Promise<readonly string[]> {
  for (let n = 0; n < 1000; n += 1) {
    const lines = await printed();
    if (lines.some((line) => line.includes(text))) return lines;
    await world.clock.wait(50);
  }
  throw new Error(`not told: ${text}; but ${(await printed()).join('\n')}`);
}

describe('the events of a project', () => {
  test('are its deployments, from which release to which, by whom, and how they ended', async () => {
    await world.deploy(web('v1'));
    world.machine.behaviours = { v2: { readyMs: undefined } };
    await world.deploy(web('v2'));
    await tell(await world.engine.scale('shop', { web: 1 }, byTest));
    assert.deepEqual(await printed(), [
      'deploy shop-1 began (release 1), by a test',
      'deploy shop-1 succeeded (release 1), by a test',
      'deploy shop-2 began (release 1 to 2), by a test',
      'deploy shop-2 was rolled back (release 1 to 2), by a test',
      'scale shop-3 began (release 1 to 3), by a test',
      'scale shop-3 succeeded (release 1 to 3), by a test',
    ]);
    const failed = (await read()).find((one) => one.event === 'deployment-ended' && one.state === 'rolled-back');
    assert.equal(failed?.event === 'deployment-ended' && failed.reason?.code, 'GATE_TIMED_OUT');
  });

  test('go on after the daemon died in a deployment: it began once and ended once', async () => {
    world.machine.behaviours = { v1: { readyMs: 3000 } };
    await world.begin(web('v1'));
    await world.clock.wait(1000);
    await world.replaceDaemon();
    await until('deploy shop-1 succeeded');
    assert.deepEqual(await printed(), [
      'deploy shop-1 began (release 1), by a test',
      'deploy shop-1 succeeded (release 1), by a test',
    ]);
  });

  test('are instances that die and come back, or are given up', async () => {
    await world.deploy(web('v1', { restart: { condition: 'any', delayMs: 0, maxAttempts: 1, windowMs: 0 } }));
    const before = (await read()).length;
    world.machine.crash('web-r1-1');
    await until('web-r1-1 is healthy');
    world.machine.crash('web-r1-1');
    await until('keeps ending');
    assert.deepEqual((await printed()).slice(before), [
      'web-r1-1 died (SIGKILL)',
      'web-r1-1 was started again (restart 1)',
      'web-r1-1 is healthy',
      'web-r1-1 died (SIGKILL)',
      'web-r1-1 keeps ending (1 restarts) and is left stopped by its restart policy',
    ]);
  });

  test('are instances that turn unhealthy', async () => {
    world.machine.behaviours = { v1: { illMs: 8000 } };
    await world.deploy(web('v1', { replicas: 1 }));
    await until('web-r1-1 is unhealthy');
  });

  test('are the proxy that dies and runs again, and pauses with who ordered them', async () => {
    await world.deploy(web('v1'));
    const before = (await read()).length;
    world.machine.killProxy();
    await until('the proxy runs again');
    await world.engine.pause('shop', { services: ['web'], by: 'ana' }, never);
    await world.clock.wait(5000);
    await world.engine.resume('shop', ['web'], 'luis');
    assert.deepEqual((await printed()).slice(before), [
      'the proxy died; it is started again',
      'the proxy runs again and carries everything',
      'requests to web wait, 30.0 s at most: paused by ana',
      'requests to web go on after 5.0 s: resumed by luis',
    ]);
  });

  test('are the turns of breakers, each once, whatever the daemon that hears of them', async () => {
    await world.deploy(web('v1'));
    const turn = (state: BreakerStatus['state']) =>
      world.machine.turnBreaker({
        ...{ project: 'shop', service: 'web', route: 'web', state, since: 1, why: 'NetworkErrorRatio() > 0.5' },
        lastsMs: 10_000,
      });
    turn('closed');
    turn('open');
    turn('open');
    await world.replaceDaemon();
    turn('open');
    turn('recovering');
    turn('closed');
    turn('open');
    assert.deepEqual(
      (await read({ services: ['web'] })).map((one) => one.event),
      ['breaker-opened', 'breaker-recovering', 'breaker-closed', 'breaker-opened'],
    );
    assert.match(
      (await printed({ tail: 1 })).join(),
      /breaker of route web opened: NetworkErrorRatio\(\) > 0.5; .* for 10.0 s/,
    );
  });
});

test('a verdict on a canary is told when it is another one', () => {
  const told: News[] = [];
  const deployment = { id: 'shop-2', project: 'shop', kind: 'deploy', by: 'ana' } as const;
  const news = new DeploymentNews({ tell: (one) => void told.push(one) }, deployment);
  const report = { service: 'web', position: 1, of: 2, percent: 5, state: 'judging', leftMs: 1, evidence: [] } as const;
  const judged = (verdict: CanaryReport['verdict'], canary: number) =>
    news.take({
      time: 0,
      event: 'canary',
      step: 'analyse web',
      canary: { ...report, verdict, requests: { canary, stable: 90 } },
    });
  judged('inconclusive', 1);
  judged('inconclusive', 5);
  judged('pass', 40);
  judged('fail', 60);
  assert.deepEqual(
    told.map((one) => say(describeEvent({ ...one, time: 0 } as ProjectEvent), 'en')),
    [
      'web: canary at 5 %, too little to judge: 1 requests, the old release 90',
      'web: canary at 5 %, good so far: 40 requests, the old release 90',
      'web: canary at 5 %, not good enough: 60 requests, the old release 90',
    ],
  );
});

describe('the book of events', () => {
  const news = (service: string, by = 'ana'): News => ({ event: 'paused', project: 'shop', service, by, maxMs: 1 });
  const bookOf = (store = world.store) => new EventBook({ world: { store, clock: world.clock }, onFailure });
  const problems: string[] = [];
  const onFailure = (doing: string) => void problems.push(doing);
  const all = { project: 'shop', services: [] };
  const names = (events: readonly ProjectEvent[]) => events.map((one) => ('service' in one ? one.service : '-'));

  test('answers for services, times and the newest, and gives no two events the same time', async () => {
    const book = bookOf();
    for (const service of ['a', 'b', 'c']) book.tell(news(service));
    await world.clock.wait(1000);
    book.tell({ event: 'proxy-died', project: 'shop' });
    book.tell({ ...news('x'), project: 'other' });
    const events = await Array.fromAsync(book.read(all, never));
    assert.deepEqual(names(events), ['a', 'b', 'c', '-']);
    assert.equal(new Set(events.map((one) => one.time)).size, 4);
    const since = events[1]?.time ?? 0;
    const asked = async (query: Partial<EventQuery>) =>
      names(await Array.fromAsync(book.read({ ...all, ...query }, never))).join('');
    assert.equal(await asked({ services: ['a', 'c'] }), 'ac');
    assert.equal(await asked({ since, until: since + 1 }), 'bc');
    assert.equal(await asked({ tail: 2 }), 'c-');
  });

  test('lets those who follow hear what comes, nothing twice, until they leave or the time is over', async () => {
    const book = bookOf();
    book.tell(news('a'));
    const leave = new AbortController();
    const heard: string[] = [];
    const hearing = (async () => {
      for await (const event of book.read({ ...all, services: ['a', 'b'], follow: true }, leave.signal)) {
        heard.push(...names([event]));
        if (heard.length === 1) for (const service of ['b', 'c', 'b']) book.tell(news(service));
        if (heard.length === 3) leave.abort();
      }
    })();
    await hearing;
    assert.deepEqual(heard, ['a', 'b', 'b']);
    const soon = world.clock.now() + 40 * 24 * 3_600_000;
    assert.equal((await Array.fromAsync(book.read({ ...all, follow: true, until: soon }, never))).length, 4);
    assert.ok(world.clock.now() >= soon);
  });

  test('on a full disk is heard all the same, and says that it is not kept', async () => {
    const full = {
      ...world.store,
      appendProjectEvent: () => {
        throw fail('STORE_FULL', {});
      },
    };
    const book = bookOf(full);
    const leave = new AbortController();
    const events = book.read({ ...all, follow: true }, leave.signal);
    const first = events.next();
    await world.clock.wait(10);
    book.tell(news('a'));
    assert.equal((await first).value?.event, 'paused');
    leave.abort();
    assert.deepEqual(await Array.fromAsync(events), []);
    assert.deepEqual(problems, ['keep an event of shop']);
  });

  test('keeps so many and so long, and no more', async () => {
    const book = bookOf();
    book.tell(news('old'));
    await world.clock.wait(31 * 24 * 3_600_000);
    for (let n = 0; n < 5250; n += 1) book.tell(news('web'));
    const events = await Array.fromAsync(book.read(all, never));
    assert.ok(events.length >= 5000 && events.length <= 5100, `${events.length}`);
    assert.ok(!names(events).includes('old'));
  });
});
