import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';
import type { Match, Route } from '#model/route.ts';
import { renderReport, startLoad } from '../support/load.ts';
import { joined, type Stage, setStage, tableOf } from '../support/proxy-stage.ts';

const host = (name: string): Match => ({ kind: 'host', name });
const below = (prefix: string): Match => ({ kind: 'path-prefix', prefix });
const all = (...of: Match[]): Match => ({ kind: 'all', of });
const published = (stage: Stage, port = 8000) => ({ kind: 'published' as const, address: stage.address, port });

/** The table of a second service, `p/api:9000`. */
function second(table: ReturnType<typeof tableOf>): ReturnType<typeof tableOf> {
  const [backend] = Object.values(table.backends);
  assert.ok(backend);
  return {
    backends: { 'p/api:9000': { ...backend, id: 'p/api:9000', service: 'api' } },
    listeners: [],
    routes: table.routes.map((route) => ({ ...route, service: 'api', name: `api-${route.name}` })),
  };
}

test('host, path, method, header and query choose; the higher priority wins; nothing fits gives 404', async () => {
  await using stage = await setStage();
  const [web, api] = [await stage.start('web'), await stage.start('api')];
  const rules: Partial<Route>[] = [
    { match: all(host('a.localhost'), below('/api')), priority: 30 },
    { match: all(host('a.localhost'), { kind: 'method', method: 'DELETE' }), priority: 40 },
    { match: all(host('a.localhost'), { kind: 'header', name: 'X-Team', value: "o'brien, red" }), priority: 41 },
    { match: all(host('a.localhost'), { kind: 'query', name: 'v', value: '2' }), priority: 42 },
    { match: all(host('a.localhost'), { kind: 'path-regexp', pattern: "^/it's/[0-9]{2}$" }), priority: 43 },
    { match: { kind: 'host-regexp', pattern: '^[a-z]+\\.wild\\.localhost$' }, priority: 5 },
    {
      match: all(host('b.localhost'), { kind: 'not', of: { kind: 'any', of: [below('/no'), below('/nie')] } }),
      priority: 5,
    },
    { match: host('*.w.localhost'), priority: 8 },
    { match: all(host('*.w.localhost'), below('/api')), priority: 20 },
    { match: all(host('c.localhost'), { kind: 'client-ip', range: '127.9.9.0/24' }), priority: 5 },
  ];
  await stage.balancer.apply(
    joined(
      tableOf({
        servers: [web.server()],
        routes: ['a', 'www.w'].map((name) => ({ match: host(`${name}.localhost`), priority: 10 })),
      }),
      second(tableOf({ servers: [api.server()], routes: rules })),
    ),
  );
  const who = async (path: string, options: Parameters<Stage['get']>[1] = {}) => {
    const answer = await stage.get(path, { host: 'a.localhost', ...options });
    return answer.status === 200 ? answer.headers['x-instance'] : answer.status;
  };
  assert.equal(await who('/'), 'web');
  assert.equal(await who('/', { host: 'A.LocalHost:18080' }), 'web');
  assert.equal(await who('/api/x'), 'api');
  assert.equal(await who('/', { method: 'DELETE' }), 'api');
  assert.equal(await who('/', { headers: { 'x-team': "o'brien, red" } }), 'api');
  assert.equal(await who('/', { headers: { 'x-team': 'red' } }), 'web');
  assert.equal(await who('/?v=2'), 'api');
  assert.equal(await who("/it's/42"), 'api');
  assert.equal(await who("/it's/421"), 'web');
  assert.equal(await who('/', { host: 'x.wild.localhost' }), 'api');
  assert.equal(await who('/', { host: 'x1.wild.localhost' }), 404);
  assert.equal(await who('/', { host: 'Any.w.LocalHost:18080' }), 'api');
  assert.equal(await who('/', { host: 'www.w.localhost' }), 'web');
  assert.equal(await who('/api/x', { host: 'www.w.localhost' }), 'api');
  for (const name of ['w.localhost', 'a.b.w.localhost']) assert.equal(await who('/', { host: name }), 404);
  assert.equal(await who('/', { host: 'b.localhost' }), 'api');
  assert.equal(await who('/nie', { host: 'b.localhost' }), 404);
  assert.equal(await who('/', { host: 'c.localhost' }), 404);
  assert.equal(await who('/', { host: 'c.localhost', from: '127.9.9.7' }), 'api');
  const none = await stage.get('/', { host: 'nobody.localhost' });
  assert.deepEqual(JSON.parse(none.body), {
    error: 'NotFound',
    message: 'no route for this host and path',
    status: 404,
  });
});

test('what an instance is told about its client cannot be forged', async () => {
  await using stage = await setStage({ trustedProxies: ['127.7.0.0/16'] });
  const web = await stage.start('web');
  await stage.balancer.apply(
    tableOf({
      servers: [web.server()],
      routes: [{}],
      listeners: [published(stage), { ...published(stage, 9000), kind: 'neighbour' }],
    }),
  );
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil',
    x_forwarded_for: '6.6.6.6',
    forwarded: 'for=6.6.6.6',
    'x-real-ip': '6.6.6.6',
  };
  const told = async (options: Parameters<Stage['get']>[1]) => {
    await stage.get('/', { host: 'a.localhost', headers: forged, ...options });
    const h = web.lastHeaders();
    return [
      h['x-forwarded-for'],
      h['x-forwarded-proto'],
      h['x-forwarded-host'],
      h['x-real-ip'],
      h.forwarded,
      h.x_forwarded_for,
    ];
  };
  const plain = ['127.5.5.5', 'http', 'a.localhost', '127.5.5.5', undefined, undefined];
  assert.deepEqual(await told({ from: '127.5.5.5' }), plain);
  assert.deepEqual(await told({ from: '127.5.5.5', port: 8000 }), plain);
  // A trusted proxy is believed; the client is the last hop that is none.
  assert.deepEqual(
    await told({
      from: '127.7.1.1',
      headers: { 'x-forwarded-for': '6.6.6.6, 9.9.9.9, 127.7.2.2', 'x-forwarded-proto': 'https' },
    }),
    [...['6.6.6.6, 9.9.9.9, 127.7.2.2, 127.7.1.1', 'https', 'a.localhost', '9.9.9.9', undefined, undefined]],
  );
  // Between neighbours nothing is added or taken.
  await stage.get('/', { port: 9000, headers: { 'x-forwarded-for': '1.2.3.4' } });
  assert.equal(web.lastHeaders()['x-forwarded-for'], '1.2.3.4');
  assert.equal(web.lastHeaders()['x-request-id'], undefined);
});

test('a path reaches its instance in one spelling, a query as it was sent', async () => {
  await using stage = await setStage();
  const web = await stage.start('web-r1-1', (asked, response) => void response.end(asked.url));
  await stage.balancer.apply(tableOf({ servers: [web.server()], routes: [{}] }));
  for (const [asked, arrives] of [
    ['/a?sig=%61%2f%7e//x/../y', '/a?sig=%61%2f%7e//x/../y'],
    ['/%61%2f//b/./c/../d?sig=%61%2f//../?%7e', '/a%2F/b/d?sig=%61%2f//../?%7e'],
    ['/%61', '/a'],
    ['/%61?', '/a?'],
    ['/x?u=http://a//b/./c', '/x?u=http://a//b/./c'],
  ] as const) {
    assert.equal((await stage.get(asked)).body, arrives, asked);
  }
});

test('a request has one id, for its client and for the instance', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  await stage.balancer.apply(tableOf({ servers: [web.server()], routes: [{}] }));
  const idsOf = async (given: string | readonly string[]) => {
    const { headers } = await stage.get('/', { host: 'a.localhost', headers: { 'x-request-id': given } });
    return [headers['x-request-id'], web.lastHeaders()['x-request-id']];
  };
  assert.deepEqual(await idsOf('a"b\\c'), ['a"b\\c', 'a"b\\c']);
  assert.deepEqual(await idsOf(['one', 'two']), ['two', 'two']);
  // What would be no id in a log is none; what is too long is not kept.
  for (const given of ['-', 'i'.repeat(129)]) {
    const [told, passedOn] = await idsOf(given);
    assert.match(String(told), /^[0-9a-f-]{36}-\d+$/);
    assert.equal(passedOn, told);
  }
});

test('HTTPS: a certificate for each name, kept over restarts; plain requests are sent there', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  const tls = { entries: ['https'], tls: { kind: 'self-signed' } } as const;
  const table = tableOf({
    servers: [web.server()],
    routes: [
      { ...tls, match: host('a.localhost') },
      { ...tls, match: host('b.localhost') },
    ],
  });
  await stage.balancer.apply(table);
  const a = await certificate(stage, 'a.localhost');
  assert.equal(a.name, 'DNS:a.localhost');
  assert.equal((await certificate(stage, 'b.localhost')).name, 'DNS:b.localhost');
  assert.equal((await certificate(stage, 'unknown.example')).name, 'DNS:localhost');
  assert.equal(a.protocol, 'h2');
  await stage.balancer.stop();
  await stage.balancer.ensureRunning();
  assert.equal((await certificate(stage, 'a.localhost')).fingerprint, a.fingerprint);
  const sent = await stage.get('/x?y=1', { host: 'a.localhost:18080' });
  assert.deepEqual([sent.status, sent.headers.location], [308, 'https://a.localhost:18443/x?y=1']);
  assert.equal((await stage.get('/', { host: 'other.localhost' })).status, 404);
  assert.deepEqual(await http2(stage, 'a.localhost', '/'), { status: 200, instance: 'web' });
  assert.deepEqual([web.lastHeaders()['x-forwarded-proto'], web.lastHeaders()['x-forwarded-port']], ['https', '18443']);
});

function certificate(
  stage: Stage,
  servername: string,
): Promise<{ name: string; fingerprint: string; protocol: string }> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      ...{ host: stage.address, port: stage.httpsPort, servername },
      ...{ rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] },
    });
    socket.once('secureConnect', () => {
      const { subjectaltname = '', fingerprint256 } = socket.getPeerCertificate();
      resolve({ name: subjectaltname, fingerprint: fingerprint256, protocol: String(socket.alpnProtocol) });
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function http2(stage: Stage, name: string, path: string): Promise<{ status: unknown; instance: unknown }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`https://${stage.address}:${stage.httpsPort}`, {
      servername: name,
      rejectUnauthorized: false,
    });
    session.on('error', reject);
    const stream = session.request({ ':path': path, ':authority': name });
    stream.on('response', (headers) => {
      resolve({ status: headers[':status'], instance: headers['x-instance'] });
      stream.resume();
      stream.on('end', () => session.close());
    });
  });
}

test('websockets and event streams pass unbuffered and live through a reload and a drain', async () => {
  await using stage = await setStage();
  const [old, next] = [await stage.start('web-r1-1'), await stage.start('web-r2-1')];
  await stage.balancer.apply(tableOf({ servers: [old.server()], listeners: [published(stage)] }));
  const socket = new WebSocket(`ws://${stage.address}:8000/ws`);
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const stream = await events(stage);
    assert.equal(await echo(socket, 'one'), 'web-r1-1:one');
    const both = [published(stage), published(stage, 8001)];
    assert.equal((await stage.balancer.apply(tableOf({ servers: [old.server()], listeners: both }))).reloaded, true);
    await stage.balancer.apply(tableOf({ servers: [old.server('drain'), next.server()], listeners: both }));
    assert.equal(await echo(socket, 'two'), 'web-r1-1:two');
    assert.equal(await stream.next(), 'data: web-r1-1\n\n');
    assert.equal((await stage.balancer.observe()).find((one) => one.server === old.id)?.sessions, 2);
    stream.end();
  } finally {
    socket.terminate();
  }
});

function echo(socket: WebSocket, text: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once('message', (data) => resolve(data.toString()));
    socket.send(text);
  });
}

/** Opens an event stream; `next` is the chunk that comes next, which a buffering proxy would keep back. */
function events(stage: Stage): Promise<{ next(): Promise<string>; end(): void }> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: stage.address,
      port: 8000,
      path: '/events',
      headers: { accept: 'text/event-stream' },
    });
    sent.on('response', (answer) => {
      answer.setEncoding('utf8');
      const next = () => new Promise<string>((got) => answer.once('data', got));
      resolve({ next, end: () => sent.destroy() });
    });
    sent.on('error', reject).end();
  });
}

test('a large upload arrives whole and unbuffered', async () => {
  await using stage = await setStage();
  const web = await stage.start('web');
  await stage.balancer.apply(tableOf({ servers: [web.server()], listeners: [published(stage)] }));
  const body = Buffer.alloc(30 << 20, 'timonel');
  const answer = await stage.get('/', { port: 8000, method: 'POST', body });
  assert.equal(answer.body, createHash('md5').update(body).digest('hex'));
});

test('one of two instances dies under load: only what was being answered there may fail', async () => {
  await using stage = await setStage();
  const [one, two] = [await stage.start('web-r1-1'), await stage.start('web-r1-2')];
  await stage.balancer.apply(tableOf({ servers: [one.server(), two.server()], listeners: [published(stage)] }));
  const load = startLoad({
    ...{ address: stage.address, port: 8000, host: 'a' },
    workers: { 'keep-alive': 4, think: 4, fresh: 4 },
  });
  let report: Awaited<ReturnType<typeof load.stop>>;
  try {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await one.kill();
    await new Promise((resolve) => setTimeout(resolve, 1500));
  } finally {
    report = await load.stop();
  }
  assert.deepEqual(report.failures, [], renderReport(report));
  assert.ok((report.byInstance['web-r1-1'] ?? 0) > 20 && (report.byInstance['web-r1-2'] ?? 0) > 50);
  assert.ok(report.latencyMs.max < 1000, 'a dead instance costs no second');
});

test('without any instance the answer is 503 in JSON with Retry-After', async () => {
  await using stage = await setStage();
  await stage.balancer.apply(tableOf({ listeners: [published(stage)] }));
  const answer = await stage.get('/', { port: 8000 });
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1']);
  assert.equal((JSON.parse(answer.body) as { error: string }).error, 'ServiceUnavailable');
});

test('weights share requests as they say', async () => {
  await using stage = await setStage();
  const [one, two] = [await stage.start('web-1'), await stage.start('web-2')];
  const table = (a: number, b: number) =>
    tableOf({ servers: [one.server('ready', a), two.server('ready', b)], listeners: [published(stage)] });
  await stage.balancer.apply(table(100, 100));
  await stage.balancer.apply(table(180, 20));
  for (let n = 0; n < 100; n++) await stage.get('/', { port: 8000 });
  assert.deepEqual([one.requests(), two.requests()], [90, 10]);
});
