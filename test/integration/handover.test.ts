import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import WebSocket from 'ws';
import type { RequestEnd } from '#model/metrics.ts';
import type { PolicyRule } from '#model/policy.ts';
import type { Backend, BackendId, Hold, Listener, Route, RouteTable, Server } from '#model/route.ts';
import { joined, type Stage, setStage, tableOf } from '../support/proxy-stage.ts';
import { until } from '../support/until.ts';

/* What becomes of requests whose worker is replaced by a reload: those that wait, those that run, those that come. */

const hold: Hold = { maxMs: 30_000, limit: 100 };
const stay = { name: 'stay', secure: false, httpOnly: true };
let port = 8100;

type Parts = Omit<Parameters<typeof tableOf>[0], 'routes'> & { readonly route?: Partial<Route> };

/** Applies the table with one more port published, which needs a reload. */
async function reload({ balancer, address }: Stage, { route = {}, listeners = [], ...parts }: Parts): Promise<void> {
  const published = { kind: 'published' as const, address };
  const all = [...listeners, { ...published, port: 8000 }, { ...published, port: port++ }];
  assert.deepEqual(await balancer.apply(tableOf({ ...parts, listeners: all, routes: [route] })), { reloaded: true });
}

/** A client that keeps its connection and has used it once. */
async function keptClient({ get }: Stage, options: Parameters<Stage['get']>[1] = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path = '/') => get(path, { ...options, agent });
  await ask();
  return { ask, agent, [Symbol.dispose]: () => agent.destroy() };
}

test('a service moves to another port: kept connections and waiting requests move along, whichever way they came', async () => {
  await using stage = await setStage();
  const { address, balancer, httpPort } = stage;
  const old = await stage.start('web-r1-1');
  const next = await stage.start('web-r2-1', undefined, 9100);
  const ways = { edge: httpPort, published: 8000, neighbour: 8001 };
  const at = (to: 9000 | 9100, ports: readonly number[], held: Record<string, Hold> = {}): RouteTable => {
    const listener = (kind: Listener['kind']) => ({ kind, address, port: ways[kind], backend: `p/web:${to}` as const });
    const backends = ports.map((one): [BackendId, Backend] => {
      const servers: Server[] = one === 9000 ? [old.server()] : [next.server()];
      const place = { id: `p/web:${one}` as const, project: 'p', service: 'web', port: one };
      return [place.id, { ...place, protocol: 'http', balance: 'roundrobin', servers, ...held }];
    });
    const [route] = tableOf({ routes: [{ port: to }] }).routes;
    const listeners = [listener('published'), listener('neighbour')];
    return { backends: Object.fromEntries(backends), listeners, routes: route === undefined ? [] : [route] };
  };
  await balancer.apply(at(9000, [9000]));
  const kept = await Promise.all(Object.values(ways).map((one) => keptClient(stage, { port: one })));
  await balancer.apply(at(9000, [9000], { held: hold }));
  const waiting = Object.values(ways).map((one) => stage.get('/', { port: one }));
  await balancer.apply(at(9000, [9000, 9100], { held: hold }));
  await old.kill();
  await balancer.apply(at(9100, [9000, 9100], { held: hold }));
  await balancer.apply(at(9100, [9000, 9100]));
  const instances = async (answers: readonly ReturnType<Stage['get']>[]) =>
    (await Promise.all(answers)).map((one) => one.headers['x-instance']);
  assert.deepEqual(await instances(waiting), Array(3).fill('web-r2-1'));
  await balancer.apply(at(9100, [9100]));
  assert.deepEqual(await instances(kept.map((one) => one.ask())), Array(3).fill('web-r2-1'));
  for (const one of kept) one[Symbol.dispose]();
});

test('a client whose request waits over a reload stays with its instance', async () => {
  await using stage = await setStage();
  const servers = [(await stage.start('web-r1-1')).server(), (await stage.start('web-r1-2')).server()];
  const route = { policy: { rules: [], sticky: stay } };
  await reload(stage, { servers, route });
  const first = await stage.get('/');
  const headers = { cookie: `a=b, c; ${String(first.headers['set-cookie']).split(';')[0]}; d=e` };
  await reload(stage, { servers, route, backend: { held: hold } });
  const waiting = [1, 2, 3, 4].map((n) => stage.get('/', { headers, ...(n % 2 === 0 ? { port: 8000 } : {}) }));
  await reload(stage, { servers, route, backend: { held: hold } });
  await reload(stage, { servers, route });
  for (const answer of await Promise.all(waiting)) {
    assert.equal(answer.headers['x-instance'], first.headers['x-instance']);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
});

test('on a published port too a request is tried and drawn for once', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1');
  const canary = { match: [], sticky: { cookie: 'ticket', maxAgeSeconds: 60 } };
  const servers = [web.server(), { ...web.server(), id: 'web-r2-1', side: 'canary' as const }];
  const route = { policy: { rules: [{ kind: 'retry', attempts: 4, statuses: [502] }] satisfies PolicyRule[] } };
  await reload(stage, { servers, route, backend: { canary } });
  using kept = await keptClient(stage, { port: 8000 });
  await reload(stage, { servers, route, backend: { canary } });
  const before = web.requests();
  const answer = await kept.ask('/status/502');
  assert.deepEqual([answer.status, web.requests() - before], [502, 4]);
  assert.equal(answer.headers['set-cookie']?.length, 1);
});

test('a request that is tried again over two reloads waits as long and is counted once', async () => {
  await using stage = await setStage();
  const at: number[] = [];
  const web = await stage.start('web-r1-1', (_asked, answer) => {
    at.push(performance.now());
    answer.statusCode = at.length < 3 ? 503 : 200;
    answer.end();
  });
  const rules: PolicyRule[] = [
    { kind: 'retry', attempts: 4, initialIntervalMs: 800, statuses: [503] },
    {
      kind: 'rate-limit',
      key: { kind: 'address' },
      allowance: { kind: 'bucket', average: 1, periodMs: 600_000, burst: 2 },
    },
  ];
  const parts = { servers: [web.server()], route: { policy: { rules } } };
  await reload(stage, parts);
  const waiting = stage.get('/');
  for (const tries of [1, 2]) {
    await until('it was tried', async () => at.length === tries || undefined);
    await reload(stage, parts);
  }
  assert.equal((await waiting).status, 200);
  const [first = 0, second = 0, third = 0] = at;
  assert.ok(second - first >= 795 && third - second >= 1195, at.join(' '));
  assert.equal((await stage.get('/')).status, 200, 'three tries took one token');
  assert.equal((await stage.get('/')).status, 429);
});

test('whatever a connection was about to do, it does: half a request, a websocket, a stream', async () => {
  await using stage = await setStage();
  const [old, next] = [await stage.start('web-r1-1'), await stage.start('web-r2-1')];
  await reload(stage, { servers: [old.server()] });
  const whole = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n0123456789';
  const halves = [0, 20, whole.length - 5].map((sent) => ({ sent, wire: wireTo(stage, whole.slice(0, sent)) }));
  const socket = new WebSocket(`ws://${stage.address}:${stage.httpPort}/`);
  await new Promise((resolve) => socket.once('open', resolve));
  using kept = await keptClient(stage);
  await until('the body is awaited', async () => old.requests() === 2 || undefined);
  await reload(stage, { servers: [next.server()] });
  for (const { sent, wire } of halves) wire.write(whole.slice(sent));
  for (const { sent, wire } of halves) {
    const text = await until('the answer', async () => /x-instance: (\S+).*781e5e245d69b566/s.exec(wire.text())?.[1]);
    assert.equal(text, sent > 20 ? 'web-r1-1' : 'web-r2-1', 'the old instance ends what it began');
  }
  socket.send('still there');
  assert.equal(await nextMessage(socket), 'web-r1-1:still there');
  const upgraded = new WebSocket(`ws://${stage.address}:${stage.httpPort}/`, { agent: kept.agent });
  await new Promise((resolve) => upgraded.once('open', resolve));
  await reload(stage, { servers: [next.server()] });
  upgraded.send('and here');
  assert.equal(await nextMessage(upgraded), 'web-r2-1:and here');
  for (const one of [socket, upgraded]) one.terminate();
  for (const { wire } of halves) wire.end();
});

test('a waiting TCP connection is handed on as often as its worker is replaced', async () => {
  await using stage = await setStage();
  const next = await stage.startTcp('db-r2-1');
  const apply = (more: number, held?: Hold) => {
    const listeners = [9201, more].map((one) => ({ kind: 'published' as const, address: stage.address, port: one }));
    const backend = { protocol: 'tcp' as const, ...(held === undefined ? {} : { held }) };
    return stage.balancer.apply(joined(tableOf({ servers: held ? [] : [next.server()], listeners, backend })));
  };
  await apply(9202, hold);
  const wire = wireTo(stage, 'hello', 9201);
  for (const more of [9203, 9204]) assert.deepEqual(await apply(more, hold), { reloaded: true });
  await apply(9204);
  assert.equal(await until('the answer', async () => wire.text() || undefined), 'db-r2-1:hello');
  wire.end();
});

test('it is told once, with its route, its instance and one id for client, instance and log', async () => {
  const told: RequestEnd[] = [];
  await using stage = await setStage({ onRequest: (end) => told.push(end) });
  const web = await stage.start('web-r1-1');
  await reload(stage, { servers: [web.server()] });
  for (const way of [stage.httpPort, 8000]) {
    using kept = await keptClient(stage, { port: way });
    await reload(stage, { servers: [web.server()] });
    const id = (await kept.ask('/handed')).headers['x-request-id'];
    assert.equal(web.lastHeaders()['x-request-id'], id);
    assert.equal(web.lastHeaders()['x-forwarded-for'], '127.0.0.1');
    const own = await until('it is told', async () => {
      const found = told.filter((one) => one.requestId === id);
      return found.length > 0 ? found : undefined;
    });
    const [{ path, client, backend, route, instance } = {} as RequestEnd] = own;
    const byRoute = way === 8000 ? [undefined, undefined] : ['r0', 'web-r1-1'];
    assert.deepEqual([path, client, backend, route, instance], ['/handed', '127.0.0.1', 'p/web:9000', ...byRoute]);
  }
  const counted = (more: object) =>
    stage.traffic.stats({ project: 'p', service: 'web', ...more }, { from: 0, to: Date.now() + 1000 }).requests;
  await until('all are counted', async () => counted({}) >= 4 || undefined);
  assert.deepEqual([counted({}), counted({ release: 1 }), counted({ route: 'r0' })], [4, 4, 2]);
  assert.equal(told.length, 4);
});

function nextMessage(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
}

/** A connection as bytes. */
function wireTo(stage: Stage, first: string, to = stage.httpPort) {
  let text = '';
  const socket = connect(to, stage.address, () => socket.write(first));
  socket.setEncoding('latin1');
  socket.on('data', (data) => {
    text += data;
  });
  return { write: (more: string) => socket.write(more), text: () => text, end: () => socket.destroy() };
}
