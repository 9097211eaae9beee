import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import type { CanaryRouting } from '#model/canary.ts';
import type { RouteTable } from '#model/route.ts';
import { weightsFor } from '#rollout/strategies/shares.ts';
import { type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

/*
 * The share of a canary at a real proxy: exact by weights, testers led in at every share, clients kept on their side,
 * and none of it lost by a reload or a restart of the proxy.
 */

const old = ['web-r1-1', 'web-r1-2'];
const young = ['web-r2-1'];
const testers: CanaryRouting = {
  match: [
    { kind: 'header', name: 'X-Canary', value: 'yes' },
    { kind: 'cookie', name: 'tester', value: 'ana' },
  ],
};

interface Canary extends AsyncDisposable {
  readonly stage: Stage;
  /** Gives the canary so many percent. Without a number it is over, and only the old ones serve. */
  give(percent?: number): Promise<{ readonly reloaded: boolean }>;
  table(percent?: number): RouteTable;
}

async function setCanary(canary: CanaryRouting): Promise<Canary> {
  const stage = await setStage();
  const instances = await Promise.all([...old, ...young].map((id) => stage.start(id)));
  const table = (percent?: number) => {
    const weights = weightsFor({ percent: percent ?? 0, canaries: young.length, stables: old.length });
    const servers = instances.map((one) => {
      if (!young.includes(one.id)) return one.server('ready', weights.stable);
      return percent === undefined
        ? one.server('drain')
        : ({ ...one.server('ready', weights.canary), side: 'canary' } as const);
    });
    const listeners = [{ kind: 'published', address: stage.address, port: 18_800 } as const];
    return tableOf({ servers, listeners, routes: [{}], backend: { canary } });
  };
  return {
    stage,
    table,
    give: (percent) => stage.balancer.apply(table(percent)),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

interface Client {
  readonly headers?: Readonly<Record<string, string>>;
  readonly port?: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Who answered `count` requests, and which cookie the last one set. */
async function ask({ stage }: Canary, count: number, { headers = {}, port = stage.httpPort }: Client = {}) {
  const answers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<{ instance: string; cookie: string | undefined; status: number }>((resolve, reject) => {
          const sent = request({ host: stage.address, port, path: '/', agent, headers }, (answer) => {
            answer.resume();
            answer.on('end', () =>
              resolve({
                instance: String(answer.headers['x-instance']),
                cookie: answer.headers['set-cookie']?.[0],
                status: answer.statusCode ?? 0,
              }),
            );
          });
          sent.on('error', reject);
          sent.end();
        }),
    ),
  );
  assert.ok(answers.every((one) => one.status === 200));
  return {
    canary: answers.filter((one) => young.includes(one.instance)).length,
    instances: new Set(answers.map((one) => one.instance)),
    cookie: answers.at(-1)?.cookie,
  };
}

test('2000 requests: every share is exact, and what sets it is no reload', async (t) => {
  await using canary = await setCanary({ match: [] });
  await canary.give(0);
  for (const percent of [5, 25, 50, 12.5]) {
    assert.equal((await canary.give(percent)).reloaded, false);
    // A new weight counts from the proxy's next round through its instances on; a round has 40 requests at most here.
    await ask(canary, 100);
    const { canary: got } = await ask(canary, 2000);
    t.diagnostic(`${percent} %: ${got} of 2000 requests, ${20 * percent} are exact`);
    assert.ok(Math.abs(got - 20 * percent) <= 4, `${percent} %: ${got} of 2000`);
  }
  await canary.give();
  assert.equal((await ask(canary, 200)).canary, 0);
});

test('testers reach the canary at every share, none included, by route and by published port', async () => {
  await using canary = await setCanary(testers);
  const ways = [{ 'x-canary': 'yes' }, { cookie: 'a=b; tester=ana' }];
  for (const percent of [0, 25]) {
    await canary.give(percent);
    for (const headers of ways)
      for (const port of [canary.stage.httpPort, 18_800])
        assert.equal((await ask(canary, 50, { headers, port })).canary, 50, `${percent} % ${JSON.stringify(headers)}`);
  }
  await canary.give(0);
  assert.equal((await ask(canary, 200)).canary, 0);
  for (const headers of [{ 'x-canary': 'no' }, { cookie: 'tester=eva' }])
    assert.equal((await ask(canary, 50, { headers })).canary, 0);
  assert.equal((await canary.give()).reloaded, false);
  const after = await ask(canary, 50, { headers: ways[0] ?? {} });
  assert.deepEqual([after.canary, after.instances.size], [0, 2], 'testers are served by the old release again');
});

test('a sick canary sends its testers to the old release', async () => {
  await using canary = await setCanary(testers);
  await canary.give(0);
  const table = canary.table(0);
  const [id, backend] = Object.entries(table.backends)[0] ?? assert.fail();
  const servers = backend.servers.map((one) => (one.side === 'canary' ? { ...one, state: 'drain' as const } : one));
  await canary.stage.balancer.apply({ ...table, backends: { [id]: { ...backend, servers } } });
  assert.equal((await ask(canary, 50, { headers: { 'x-canary': 'yes' } })).canary, 0);
});

test('a sticky client stays on its side while the share grows, and comes back when it is over', async () => {
  await using canary = await setCanary({ match: [], sticky: { cookie: 'side', maxAgeSeconds: 60 } });
  await canary.give();
  assert.equal((await ask(canary, 10)).cookie, undefined, 'no cookie while no canary is judged');
  await canary.give(20);
  const { canary: newcomers } = await ask(canary, 1000);
  assert.ok(newcomers > 140 && newcomers < 260, `${newcomers} of 1000 new clients`);
  const clients = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const { cookie = '' } = await ask(canary, 1);
      assert.match(cookie, /^side=\d{1,4}; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax$/);
      return { headers: { cookie: cookie.split(';')[0] ?? '' } };
    }),
  );
  const sides = async () => {
    const counts = await Promise.all(clients.map((client) => ask(canary, 4, client)));
    for (const one of counts) assert.ok(one.canary === 0 || one.canary === 4, 'a client met both releases');
    assert.ok(counts.every((one) => one.cookie === undefined));
    return counts.map((one) => one.canary === 4);
  };
  const before = await sides();
  await canary.give(60);
  const later = await sides();
  assert.ok(
    before.every((was, index) => !was || later[index]),
    'somebody lost the canary while its share grew',
  );
  assert.ok(later.filter(Boolean).length > before.filter(Boolean).length);
  await canary.give();
  assert.ok((await sides()).every((one) => !one));
});

test('a reload and a restart of the proxy lose no share and no way in', async () => {
  await using canary = await setCanary({ ...testers, sticky: { cookie: 'side', maxAgeSeconds: 60 } });
  await canary.give(50);
  const table = canary.table(50);
  const more = {
    ...table,
    routes: [...table.routes, { ...table.routes[0], name: 'again', priority: 5 }],
  } as RouteTable;
  assert.equal((await canary.stage.balancer.apply(more)).reloaded, true);
  const check = async (when: string) => {
    assert.equal((await ask(canary, 40, { headers: { 'x-canary': 'yes' } })).canary, 40, when);
    assert.equal((await ask(canary, 40, { headers: { cookie: 'side=1' } })).canary, 40, when);
    const kept = await ask(canary, 40, { headers: { cookie: 'side=9999' } });
    assert.deepEqual([kept.canary, kept.instances.size], [0, 2], when);
  };
  await check('after a reload');
  agent.destroy();
  await canary.stage.balancer.stop();
  const another = canary.stage.another();
  await another.ensureRunning();
  await check('after a restart');
});
