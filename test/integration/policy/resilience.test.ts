import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { policyId } from '#balancer/names.ts';
import { breakerName } from '#balancer/policy/breaker.ts';
import type { BreakerExpression, BreakerRule, PolicyRule, StickyCookie } from '#model/policy.ts';
import { setPolicyStage, tally } from '../../support/policy-stage.ts';
import { drained, type Stage, setStage, tableOf } from '../../support/proxy-stage.ts';

/** An instance that fails as often as it is told, then works. */
function failing(times: number, how: 'reset' | 500 | 503): Parameters<typeof setPolicyStage>[1] {
  let left = times;
  return {
    answer: (request, response) => {
      if (left-- <= 0) return void response.end('ok');
      if (how === 'reset') return void request.socket.destroy();
      response.statusCode = how;
      response.end('failed');
    },
  };
}

const retry = (statuses: readonly number[]): PolicyRule => ({
  kind: 'retry',
  attempts: 4,
  initialIntervalMs: 100,
  statuses,
});

test('a request without an answer is tried 4 times, no more', async () => {
  await using works = await setPolicyStage([retry([])], failing(3, 'reset'));
  assert.equal((await works.get('/')).status, 200);
  assert.equal(works.web.requests(), 4);
  await using breaks = await setPolicyStage([retry([])], failing(4, 'reset'));
  assert.equal((await breaks.get('/')).status, 502);
  assert.equal(breaks.web.requests(), 4);
});

test('chosen statuses are tried again, others are passed on', async () => {
  await using stage = await setPolicyStage([retry([503])], failing(2, 503));
  assert.equal((await stage.get('/')).status, 200);
  assert.equal(stage.web.requests(), 3);
  await using other = await setPolicyStage([retry([503])], failing(1, 500));
  assert.equal((await other.get('/')).status, 500);
  assert.equal(other.web.requests(), 1);
});

test('what may not run twice is sent once', async () => {
  await using stage = await setPolicyStage([retry([503])], failing(1, 503));
  assert.equal((await stage.get('/', { method: 'POST', body: 'x' })).status, 503);
  assert.equal(stage.web.requests(), 1);
});

const expression: BreakerExpression = {
  kind: 'compare',
  measure: { kind: 'network-error-ratio' },
  than: '>',
  value: 0.5,
};
const breaker: BreakerRule = {
  ...{ kind: 'breaker', expression, checkPeriodMs: 100, fallbackMs: 10_000, recoveryMs: 10_000, status: 503 },
};

test('an open breaker answers at once, a recovering one lets a share in, a closed one all', async () => {
  await using stage = await setPolicyStage([breaker]);
  const many = async () => tally(await Promise.all(Array.from({ length: 200 }, () => stage.get('/'))));
  assert.deepEqual(await many(), { 200: 200 });
  await opened(stage, 0);
  assert.deepEqual(await many(), { 503: 200 });
  const refused = await stage.get('/');
  assert.equal(refused.headers['retry-after'], '10');
  assert.equal(JSON.parse(refused.body).error, 'CircuitOpen');
  const before = stage.web.requests();
  await opened(stage, 14_500);
  const half = await many();
  assert.ok((half[200] ?? 0) > 60 && (half[200] ?? 0) < 150, JSON.stringify(half));
  assert.equal(stage.web.requests() - before, half[200]);
  await opened(stage, 20_001);
  assert.deepEqual(await many(), { 200: 200 });
});

/** Tells the proxy that the route's only breaker opened so long ago. */
async function opened(stage: Stage, agoMs: number): Promise<void> {
  const map = `${stage.home}/haproxy/breakers.map`;
  const name = breakerName(policyId({ project: 'p', name: 'r0' }), 0, breaker);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(`${stage.home}/haproxy/stats.sock`);
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
    socket.end(`del map ${map} ${name}; add map ${map} ${name} ${Date.now() - agoMs}; show map ${map}\n`);
  });
  assert.match(answer, new RegExp(`${name} \\d+`));
}

test('an answer that takes too long is 504', async () => {
  await using stage = await setPolicyStage([{ kind: 'timeout', answerMs: 200 }]);
  assert.equal((await stage.get('/slow/50')).status, 200);
  const before = performance.now();
  assert.equal((await stage.get('/slow/3000')).status, 504);
  assert.ok(performance.now() - before < 1500);
});

const sticky: StickyCookie = { name: 'SID', secure: false, httpOnly: true, sameSite: 'lax' };
const route = { policy: { rules: [], sticky } };

async function stickyStage() {
  const stage = await setStage();
  const web = [await stage.start('web-r1-1'), await stage.start('web-r1-2')];
  // The first from the configuration, the second at runtime.
  await stage.balancer.apply(tableOf({ servers: web.slice(0, 1).map((one) => one.server()), routes: [route] }));
  await stage.balancer.apply(tableOf({ servers: web.map((one) => one.server()), routes: [route] }));
  return { stage, web };
}

const cookieOf = (answer: Awaited<ReturnType<Stage['get']>>) => String(answer.headers['set-cookie'] ?? '');

test('a client stays at its instance, by a cookie that does not tell the address', async () => {
  const opened = await stickyStage();
  await using stage = opened.stage;
  const first = await Promise.all(Array.from({ length: 4 }, () => stage.get('/')));
  assert.deepEqual(new Set(first.map((one) => one.headers['x-instance'])).size, 2);
  for (const answer of first) {
    const cookie = cookieOf(answer);
    assert.match(cookie, /^SID=[0-9a-f]{16}; path=\/; HttpOnly; SameSite=Lax$/);
    for (let n = 0; n < 5; n++) {
      const again = await stage.get('/', { headers: { cookie: cookie.split(';')[0] ?? '' } });
      assert.equal(again.headers['x-instance'], answer.headers['x-instance']);
      assert.equal(cookieOf(again), '');
    }
  }
});

test('a cookie of an instance that drains or is gone leads to a live one, with a new cookie and no error', async () => {
  const opened = await stickyStage();
  await using stage = opened.stage;
  const [old, next] = opened.web;
  assert.ok(old && next);
  let answer = await stage.get('/');
  while (answer.headers['x-instance'] !== old.id) answer = await stage.get('/');
  const cookie = cookieOf(answer).split(';')[0] ?? '';
  const slow = stage.get('/slow/700', { headers: { cookie } });
  await new Promise((resolve) => setTimeout(resolve, 150));
  const table = tableOf({ servers: [old.server('drain'), next.server()], routes: [route] });
  assert.deepEqual(await stage.balancer.apply(table), { reloaded: false });
  const moved = await stage.get('/', { headers: { cookie } });
  assert.deepEqual([moved.status, moved.headers['x-instance']], [200, next.id]);
  assert.match(cookieOf(moved), /^SID=/);
  assert.equal((await slow).headers['x-instance'], old.id, 'what it has it finishes');
  await drained(stage.balancer, old.id);
  await stage.balancer.apply(tableOf({ servers: [next.server()], routes: [route] }));
  await old.kill();
  const gone = await stage.get('/', { headers: { cookie } });
  assert.deepEqual([gone.status, gone.headers['x-instance']], [200, next.id]);
  // The cookie survives a reload: it is computed, not remembered.
  const kept = cookieOf(gone).split(';')[0] ?? '';
  const other = { ...route, name: 'other', priority: 5 };
  assert.deepEqual(await stage.balancer.apply(tableOf({ servers: [next.server()], routes: [route, other] })), {
    reloaded: true,
  });
  assert.equal(cookieOf(await stage.get('/', { headers: { cookie: kept } })), '');
});

test('an https instance is spoken to over TLS', async () => {
  const { createServer } = await import('node:https');
  const { generate } = await import('selfsigned');
  const pem = await generate([{ name: 'commonName', value: 'web' }]);
  await using stage = await setStage();
  const address = stage.address.replace(/\.1$/, '.77');
  const server = createServer({ key: pem.private, cert: pem.cert }, (_request, response) => response.end('secret'));
  await new Promise<void>((resolve) => server.listen(9443, address, resolve));
  try {
    const web = { id: 'web-r1-1', address, port: 9443, weight: 100, state: 'ready' as const };
    const policy = { rules: [], scheme: 'https' as const };
    await stage.balancer.apply(tableOf({ routes: [{ policy }] }));
    await stage.balancer.apply(tableOf({ servers: [web], routes: [{ policy }] }));
    assert.equal((await stage.get('/')).body, 'secret', 'added at runtime');
    const more = [{ policy }, { policy, name: 'more', priority: 3 }];
    await stage.balancer.apply(tableOf({ servers: [web], routes: more }));
    assert.equal((await stage.get('/')).body, 'secret', 'from the configuration');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
