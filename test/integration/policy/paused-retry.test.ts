import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRule } from '#model/policy.ts';
import { setPagesStage } from '../../support/pages-stage.ts';
import { setPolicyStage } from '../../support/policy-stage.ts';
import { until } from '../../support/until.ts';

const retry: PolicyRule = { kind: 'retry', attempts: 4, initialIntervalMs: 100, statuses: [503] };

/** An instance that fails so often, then works; `at` tells when it was asked. */
function failing(times: number, how: 'breaks off' | 500 | 503) {
  const at: number[] = [];
  const answer: NonNullable<Parameters<typeof setPolicyStage>[1]>['answer'] = (request, response) => {
    at.push(performance.now());
    request.resume();
    if (at.length > times) return void response.end('ok');
    if (how === 'breaks off') return void request.socket.destroy();
    response.statusCode = how;
    response.setHeader('x-failed', 'yes');
    response.end('failed');
  };
  const pauses = () => at.slice(1).map((one, index) => Math.round(one - (at[index] ?? 0)));
  return { answer, at, pauses };
}

for (const how of [503, 'breaks off'] as const) {
  test(`what ${how} is tried again after the interval, then after half as long again`, async () => {
    const web = failing(3, how);
    await using stage = await setPolicyStage([retry], { answer: web.answer });
    const answer = await stage.get('/');
    assert.deepEqual([answer.status, answer.body], [200, 'ok']);
    const [first = 0, second = 0, third = 0] = web.pauses();
    assert.equal(web.at.length, 4);
    assert.ok(first >= 95 && second >= 145 && third >= 195, web.pauses().join(' '));
    assert.ok(first < 300 && second < 350 && third < 400, web.pauses().join(' '));
    const again = performance.now();
    assert.equal((await stage.get('/')).status, 200);
    assert.ok(performance.now() - again < 90, 'what works at once does not wait');
    assert.equal(stage.web.lastHeaders()['x-timonel-try'], undefined);
  });
}

test('after the last try the client gets the last answer as it is', async () => {
  const web = failing(99, 503);
  await using stage = await setPolicyStage([retry], { answer: web.answer });
  const answer = await stage.get('/');
  assert.deepEqual([answer.status, answer.body, answer.headers['x-failed']], [503, 'failed', 'yes']);
  assert.equal(web.at.length, 4);
  const other = failing(99, 500);
  await using elsewhere = await setPolicyStage([retry], { answer: other.answer });
  assert.equal((await elsewhere.get('/')).status, 500);
  assert.equal(other.at.length, 1, 'no status that was chosen');
});

test('what may not run twice reaches an instance once, whatever becomes of it', async () => {
  const asked: string[] = [];
  await using stage = await setPolicyStage([retry], {
    answer: (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume();
      if (request.url === '/breaks') return void request.socket.destroy();
      response.statusCode = 503;
      response.end('failed');
    },
  });
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
  for (const method of methods) {
    const body = method === 'DELETE' ? '' : 'x'.repeat(100);
    assert.equal((await stage.get('/fails', { method, body })).status, 503);
    assert.equal((await stage.get('/breaks', { method, body })).status, 502);
  }
  assert.deepEqual(
    asked,
    methods.flatMap((method) => [`${method} /fails`, `${method} /breaks`]),
  );
});

test('a service that is gone for a moment is waited for', async () => {
  await using stage = await setPolicyStage([{ ...retry, attempts: 8 }]);
  const { address } = stage.web;
  await stage.web.kill();
  const waiting = stage.get('/');
  await new Promise((resolve) => setTimeout(resolve, 400));
  const server = (await import('node:http')).createServer((_request, response) => response.end('back'));
  await new Promise<void>((resolve) => server.listen(9000, address, resolve));
  try {
    assert.deepEqual([(await waiting).status, (await waiting).body], [200, 'back']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('what the proxy refuses is not tried again, and a request is counted once', async () => {
  const allowance = { kind: 'bucket', average: 1, periodMs: 60_000, burst: 2 } as const;
  const limit: PolicyRule = { kind: 'rate-limit', key: { kind: 'address' }, allowance };
  const closed: PolicyRule = { kind: 'ip-allow', ranges: ['127.0.0.1'], status: 503 };
  const web = failing(2, 503);
  await using stage = await setPolicyStage([retry, limit, closed], { answer: web.answer });
  const before = performance.now();
  const refused = await stage.get('/', { from: '127.0.0.9' });
  assert.deepEqual([refused.status, JSON.parse(refused.body).error], [503, 'Forbidden']);
  assert.ok(performance.now() - before < 90, 'at once');
  assert.equal((await stage.get('/')).status, 200);
  assert.equal(web.at.length, 3);
  assert.equal((await stage.get('/')).status, 200, 'three tries took one token');
  assert.equal((await stage.get('/')).status, 429);
});

test('a request that waits belongs to no instance, and is counted once at the edge', async () => {
  const web = failing(1, 503);
  await using stage = await setPolicyStage([{ ...retry, initialIntervalMs: 600 }], { answer: web.answer });
  const waiting = stage.get('/');
  await until('it was asked once', async () => web.at.length === 1 || undefined);
  await until('nothing is in flight', async () => {
    const [seen] = await stage.balancer.observe();
    return seen?.sessions === 0 || undefined;
  });
  assert.equal(web.at.length, 1);
  assert.equal((await waiting).status, 200);
  const window = () => ({ from: Date.now() - 5000, to: Date.now() + 1000 });
  const ofRoute = () => stage.traffic.stats({ project: 'p', service: 'web', route: 'r0' }, window());
  await until('the route tells', async () => ofRoute().requests > 0 || undefined);
  assert.deepEqual([ofRoute().requests, ofRoute().answers[5]], [1, 0]);
});

test('error pages see what is left after the last try', async () => {
  const web = failing(6, 503);
  await using stage = await setPagesStage({
    web: web.answer,
    after: [{ ...retry, initialIntervalMs: 50, attempts: 3 }],
  });
  assert.equal((await stage.get('/')).headers['x-page'], 'yes');
  assert.equal(web.at.length, 3);
  assert.equal(stage.pages.requests(), 1);
});

test('what the two sides tell each other is not for the service of the pages', async () => {
  const web = failing(99, 503);
  await using stage = await setPagesStage({ web: web.answer, before: [{ ...retry, initialIntervalMs: 10 }] });
  await stage.get('/', { headers: { 'x-asked': 'yes' } });
  const names = Object.keys(stage.pages.lastHeaders());
  assert.ok(names.includes('x-asked'));
  assert.deepEqual(
    names.filter((name) => name.startsWith('x-timonel-')),
    [],
  );
});
