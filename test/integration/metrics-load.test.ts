import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type Stage, setStage, tableOf } from '../support/proxy-stage.ts';
import { until } from '../support/until.ts';

const web = { project: 'p', service: 'web' };

/** Requests one after the other over one connection, without waiting for the answers: more than 1000 a second. */
function flood({ address, httpPort }: Stage): AsyncDisposable & { readonly answered: () => number } {
  const batch = 100;
  const success = 'HTTP/1.1 200';
  const ask = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(batch);
  let asked = 0;
  let answered = 0;
  let rest = '';
  let isOver = false;
  const socket = connect(httpPort, address, more);
  socket.setEncoding('latin1').on('data', (text: string) => {
    const parts = (rest + text).split(success);
    answered += parts.length - 1;
    rest = (parts.at(-1) ?? '').slice(1 - success.length);
    if (answered >= asked) more();
  });
  function more() {
    if (isOver) return void socket.end();
    asked += batch;
    socket.write(ask);
  }
  return {
    answered: () => answered,
    // What was asked is answered first: who goes away before leaves requests that are nobody's.
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      await once(socket, 'close');
    },
  };
}

test('under load, where one of 16 is told: an instance is counted exactly, a route in proportion', async () => {
  await using stage = await setStage();
  const one = await stage.start('web-r1-1', ({ url = '' }, answer) => {
    if (url === '/status/500') answer.statusCode = 500;
    if (url !== '/broken') return void answer.end('ok');
    answer.writeHead(200, { 'content-length': 1000 }).write('half', () => answer.destroy());
  });
  const refused = {
    ...{ name: 'closed', match: { kind: 'path-prefix', prefix: '/closed' } as const, priority: 20 },
    policy: { rules: [{ kind: 'ip-allow', ranges: ['192.0.2.1/32'], status: 403 } as const] },
  };
  await stage.balancer.apply(tableOf({ servers: [one.server()], routes: [{ name: 'shop' }, refused] }));
  // A look at the proxy's counters that comes late may name a second before ours.
  const from = Date.now() - 1000;
  const stats = (more = {}) => stage.traffic.stats({ ...web, ...more }, { from, to: Date.now() + 1000 });
  {
    await using load = flood(stage);
    await until('1500 answers', async () => (load.answered() > 1500 ? true : undefined));
    const many = async (path: string) => {
      for (let n = 0; n < 20; n++)
        await Promise.all(Array.from({ length: 16 }, () => stage.get(path).catch(() => undefined)));
    };
    await Promise.all([many('/broken'), many('/status/500'), many('/closed')]);
  }
  const all = await until('all to be counted', async () => {
    const now = stats();
    return now.answers[2] + now.answers[5] >= one.requests() ? now : undefined;
  });
  // Of 320 some twenty are told, each for 16: three times the spread of that is 200.
  const about = (count: number) => Math.abs(count - 320) <= 200;
  const { answers, networkErrors, timed, requests } = all;
  assert.equal(answers[5], 320);
  assert.equal(answers[2], one.requests() - 320);
  assert.equal(networkErrors, 320);
  assert.ok(about(answers[4]), `${answers[4]} of 320 that were refused`);
  assert.ok(timed < requests - 500, `${timed} of ${requests} told: no load`);
  const route = stats({ route: 'shop' });
  assert.equal(route.answers[5], 320);
  assert.ok(about(route.networkErrors), `${route.networkErrors} of 320 answers that broke off, by the route`);
  assert.ok(Math.abs(route.answers[2] / answers[2] - 1) < 0.25, `${route.answers[2]} of ${answers[2]} by the route`);
});
