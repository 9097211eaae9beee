import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import type { PolicyRule } from '#model/policy.ts';
import { setPagesStage } from '../../support/pages-stage.ts';
import { drained } from '../../support/proxy-stage.ts';
import { until } from '../../support/until.ts';

/* Requests of a route with error pages pass the proxy twice. What counts, watches and moves them must not notice. */

const breaker: PolicyRule = {
  ...{ kind: 'breaker', checkPeriodMs: 50, fallbackMs: 60_000, recoveryMs: 1000, status: 503 },
  expression: { kind: 'compare', measure: { kind: 'network-error-ratio' }, than: '>', value: 0.5 },
};

test('a request is counted once: for its service, its release, its route', async () => {
  await using stage = await setPagesStage();
  const from = Date.now() - 1000;
  for (let n = 0; n < 6; n++) await stage.get('/');
  for (let n = 0; n < 4; n++) assert.equal((await stage.get('/status/500')).headers['x-page'], 'yes');
  const of = { project: 'p', service: 'web' };
  const stats = (more: object) => stage.traffic.stats({ ...of, ...more }, { from, to: Date.now() + 1000 });
  await until(
    'all are counted',
    async () => (stats({}).requests >= 10 && stats({ route: 'r0' }).requests >= 10) || undefined,
  );
  for (const more of [{}, { release: 1 }, { route: 'r0' }]) {
    const { requests, answers, networkErrors } = stats(more);
    assert.deepEqual([requests, answers[2], answers[5], networkErrors], [10, 6, 4, 0], JSON.stringify(more));
  }
  assert.equal(stats({ service: 'pages' }).requests, 4);
});

for (const [place, opened] of [
  ['before', /CircuitOpen/],
  ['after', /503\.html/],
] as const) {
  test(`a breaker ${place} the pages sees that the service does not answer`, async () => {
    await using stage = await setPagesStage({ [place]: [breaker] });
    await stage.get('/');
    await stage.web.kill();
    const reached = await until('the breaker opens', async () => {
      const answer = await stage.get('/');
      assert.equal(answer.status, 503);
      return stage.balancer.breakers().some((one) => one.state === 'open') ? answer : undefined;
    });
    assert.match(reached.body, /503\.html/);
    await until('it refuses', async () => opened.test((await stage.get('/')).body) || undefined);
  });
}

test('a breaker is not fed with what it refuses itself', async () => {
  const ratio: PolicyRule = {
    ...{ ...breaker, fallbackMs: 300, recoveryMs: 300 },
    expression: {
      ...{ kind: 'compare', than: '>', value: 0.25 },
      measure: { kind: 'response-code-ratio', from: 500, to: 600, ofFrom: 0, ofTo: 600 },
    },
  };
  await using stage = await setPagesStage({ after: [ratio] });
  await until('the breaker opens', async () => {
    await stage.get('/status/500');
    return stage.balancer.breakers().some((one) => one.state === 'open') || undefined;
  });
  await until(
    'it closes while requests go on',
    async () => {
      await stage.get('/');
      return stage.balancer.breakers().every((one) => one.state === 'closed') || undefined;
    },
    5000,
  );
});

test('an instance drains with what it has, and a reload loses nothing', async () => {
  await using stage = await setPagesStage();
  const next = await stage.start('web-r2-1');
  const slow = stage.get('/slow/600');
  await until('it runs', async () => stage.web.requests() === 1 || undefined);
  assert.deepEqual(await stage.serve([stage.web.server('drain'), next.server()]), { reloaded: false });
  assert.equal((await stage.get('/')).headers['x-instance'], 'web-r2-1');
  const asking = Array.from({ length: 4 }, async () => {
    for (let n = 0; n < 40; n++)
      assert.equal((await stage.get(n % 2 === 0 ? '/' : '/status/502')).status, n % 2 === 0 ? 200 : 502);
  });
  const more = await stage.start('pages-r2-1');
  const servers = [stage.web.server('drain'), next.server()];
  const other = { match: { kind: 'host', name: 'other.x' } } as const;
  const applied = await stage.serve(servers, [stage.pages.server(), more.server()], [other]);
  assert.deepEqual(applied, { reloaded: true });
  await Promise.all(asking);
  assert.equal((await slow).headers['x-instance'], 'web-r1-1');
  await drained(stage.balancer, 'web-r1-1');
});

for (const path of ['/', '/status/502']) {
  test(`a kept connection of a stopping worker still gets its answer of ${path}`, async () => {
    await using stage = await setPagesStage();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async () => {
      const { status, headers } = await stage.get(path, { agent });
      return [status, headers['x-page']];
    };
    const before = await get();
    const other = { match: { kind: 'host', name: 'other.x' } } as const;
    const applied = await stage.serve([stage.web.server()], undefined, [other]);
    assert.deepEqual(applied, { reloaded: true });
    assert.deepEqual(await get(), before);
    agent.destroy();
  });
}
