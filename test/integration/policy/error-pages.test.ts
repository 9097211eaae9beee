import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { type PagesStage, setPagesStage } from '../../support/pages-stage.ts';
import { tally } from '../../support/policy-stage.ts';
import { until } from '../../support/until.ts';

/** `/status/N` answers with that status and headers of its own; `/empty/N` without a body. */
const web: NonNullable<Parameters<typeof setPagesStage>[0]>['web'] = (asked, response) => {
  const [, kind, status = '200'] = /^\/(status|empty)\/(\d+)/.exec(asked.url ?? '') ?? [];
  response.statusCode = Number(status);
  response.setHeader('x-secret', 'stack trace');
  response.setHeader('www-authenticate', 'Basic realm="x"');
  response.end(kind === 'empty' ? undefined : 'the service itself');
};

const told = (answer: { readonly body: string }) =>
  JSON.parse(answer.body) as { page: string; method: string; headers: Record<string, string> };

test('an answer with a chosen status is replaced by the page, with its headers and the same status', async () => {
  await using stage = await setPagesStage({
    web,
    pages: {
      statuses: [
        { from: 401, to: 401 },
        { from: 500, to: 599 },
      ],
    },
  });
  for (const path of ['/status/503?a=b%20c', '/empty/500?a=b%20c', '/status/401?a=b%20c']) {
    const status = Number(/\d+/.exec(path)?.[0]);
    const answer = await stage.get(path, { host: 'a.x', headers: { cookie: 'c=1', 'if-none-match': '"x"' } });
    assert.equal(answer.status, status);
    assert.equal(told(answer).page, `/${status}.html?was=${status}&url=${encodeURIComponent(path)}`);
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(answer.headers['x-page'], 'yes');
    assert.equal(answer.headers['x-secret'], undefined, 'nothing of the answer that was replaced');
    assert.equal(answer.headers['www-authenticate'], 'Basic realm="x"', 'but what the status means nothing without');
    const { host, cookie, 'x-request-id': id, 'x-forwarded-for': client, ...others } = told(answer).headers;
    assert.deepEqual([host, cookie, client], ['a.x', 'c=1', '127.0.0.1']);
    assert.equal(id, answer.headers['x-request-id'], 'one id for both');
    assert.deepEqual(
      [others['if-none-match'], others['x-timonel-page'], others['x-timonel-route']],
      [undefined, undefined, undefined],
    );
  }
  for (const path of ['/status/404', '/status/200']) {
    const answer = await stage.get(path);
    assert.deepEqual([answer.body, answer.headers['x-secret']], ['the service itself', 'stack trace']);
  }
  assert.equal(stage.web.lastHeaders()['x-timonel-route'], undefined);
  assert.equal(stage.pages.requests(), 3);
});

test('a rewritten status, and only the headers that are named', async () => {
  await using stage = await setPagesStage({
    ...{ web, pages: { rewrites: [{ from: 418, to: 419, status: 404 }], headers: ['Accept-Language'] } },
  });
  const headers = { cookie: 'c=1', 'accept-language': 'es' };
  const answer = await stage.get('/status/418', { host: 'a.x', headers });
  assert.equal(answer.status, 404);
  assert.equal(told(answer).page, '/404.html?was=418&url=%2Fstatus%2F418');
  const { cookie, host, 'accept-language': language } = told(answer).headers;
  assert.deepEqual([cookie, host, language], [undefined, 'a.x', 'es']);
});

test('what the proxy answers itself gets its page too, and every method', async () => {
  const limit = { kind: 'body-limit', bytes: 50_000 } as const;
  await using stage = await setPagesStage({ web, after: [limit, { kind: 'timeout', answerMs: 200 }] });
  const post = await stage.get('/status/500', { method: 'POST', body: 'x'.repeat(40_000) });
  assert.deepEqual([post.status, told(post).method], [500, 'GET']);
  const long = await stage.get('/', { method: 'POST', body: 'x'.repeat(50_001) });
  assert.deepEqual([long.status, told(long).page.slice(0, 9)], [413, '/413.html']);
  const head = await stage.get('/status/503', { method: 'HEAD' });
  assert.deepEqual([head.status, head.body, head.headers['x-page']], [503, '', 'yes']);
  await stage.web.kill();
  const down = await stage.get('/');
  assert.deepEqual([down.status, told(down).page], [503, '/503.html?was=503&url=%2F']);
  assert.equal(down.headers['retry-after'], '1');
  await stage.serve([]);
  assert.equal(told(await stage.get('/')).page, '/503.html?was=503&url=%2F', 'no instance at all');
});

test('an instance that hangs or breaks off', async () => {
  await using stage = await setPagesStage({
    after: [{ kind: 'timeout', answerMs: 150 }],
    web: (asked, response) => void (asked.url === '/breaks' ? response.socket?.destroy() : asked.url),
  });
  const slow = await stage.get('/hangs');
  assert.deepEqual([slow.status, told(slow).page], [504, '/504.html?was=504&url=%2Fhangs']);
  const broken = await stage.get('/breaks', { method: 'POST', body: 'x' });
  assert.deepEqual([broken.status, told(broken).page], [502, '/502.html?was=502&url=%2Fbreaks']);
  assert.equal(stage.web.requests(), 2, 'neither was sent again');
});

test('rules before the pages stand outside, rules after them inside', async () => {
  const allow = (range: string) => ({ kind: 'ip-allow', ranges: [range], status: 403 }) as const;
  const mark = { kind: 'response-headers', set: [{ name: 'X-Frame-Options', value: 'DENY' }] } as const;
  await using stage = await setPagesStage({
    ...{
      web,
      before: [mark, allow('127.0.0.0/25')],
      after: [allow('127.0.0.0/26'), { kind: 'strip-prefix', prefixes: ['/api'] }],
    },
  });
  const outside = await stage.get('/', { from: '127.0.0.200' });
  assert.deepEqual([outside.status, JSON.parse(outside.body).error], [403, 'Forbidden']);
  const inside = await stage.get('/', { from: '127.0.0.100' });
  assert.deepEqual([inside.status, told(inside).page.slice(0, 9)], [403, '/403.html']);
  const stripped = await stage.get('/api/status/503');
  assert.equal(told(stripped).page, '/503.html?was=503&url=%2Fapi%2Fstatus%2F503', 'the URL before it was changed');
  for (const { headers } of [outside, inside, stripped]) assert.equal(headers['x-frame-options'], 'DENY');
});

test('limits on both sides count each request once', async () => {
  const limit = (burst: number) =>
    ({
      kind: 'rate-limit',
      key: { kind: 'address' },
      allowance: { kind: 'bucket', average: 1, periodMs: 60_000, burst },
    }) as const;
  await using stage = await setPagesStage({ before: [limit(6)], after: [limit(4)] });
  const answers = [];
  for (let n = 0; n < 8; n++) answers.push(await stage.get('/'));
  assert.deepEqual(
    answers.map((one) => one.status),
    [200, 200, 200, 200, 429, 429, 429, 429],
  );
  assert.match(answers[4]?.body ?? '', /429\.html/);
  assert.match(answers[6]?.body ?? '', /TooManyRequests/);
  const inFlight = { kind: 'in-flight', key: { kind: 'address' }, amount: 2 } as const;
  await using both = await setPagesStage({ before: [inFlight], after: [inFlight] });
  assert.deepEqual(tally(await Promise.all(Array.from({ length: 3 }, () => both.get('/slow/300')))), {
    200: 2,
    429: 1,
  });
});

/** Whatever is wrong with the pages, the client gets what the service answered, all of it. */
async function original(stage: PagesStage, wrong: string): Promise<number> {
  const before = performance.now();
  const answer = await stage.get(`/status/503?${wrong}`);
  assert.deepEqual([answer.status, answer.body.slice(0, 20)], [503, 'the service itself'], wrong);
  assert.equal(answer.headers['x-secret'], 'stack trace');
  return performance.now() - before;
}

test('where there is no page the answer stays as it was', async () => {
  const asked: string[] = [];
  await using stage = await setPagesStage({
    ...{ web, pages: { query: '/{url}' } },
    page: (request, response) => {
      const wrong = /%3F(.*)/.exec(request.url ?? '')?.[1] ?? '';
      asked.push(wrong);
      if (wrong === 'hangs') return;
      if (wrong === 'breaks') return void response.socket?.destroy();
      if (wrong === 'fails') response.statusCode = 500;
      if (wrong === 'huge') for (let n = 0; n < 160 && response.writable; n++) response.write('x'.repeat(65_536));
      if (wrong === 'endless') {
        const timer = setInterval(() => response.write('x'), 20);
        return void response.on('close', () => clearInterval(timer));
      }
      response.end('x'.repeat(10));
    },
  });
  const slow = await Promise.all([original(stage, 'hangs'), original(stage, 'endless')]);
  for (const took of slow) assert.ok(took > 2500 && took < 6000, `gave up after ${took} ms`);
  for (const wrong of ['fails', 'huge']) await original(stage, wrong);
  assert.deepEqual(asked.toSorted(), ['endless', 'fails', 'hangs', 'huge'], 'each was asked once');
  await original(stage, 'breaks');
  await stage.pages.kill();
  await original(stage, 'gone');
  await stage.serve([stage.web.server()], []);
  assert.ok((await original(stage, 'nobody')) < 2000);
});

test('a page may be longer than the proxy has room for at once', async () => {
  const limit = 1_048_576;
  await using stage = await setPagesStage({
    web,
    pages: { query: '/{url}' },
    page: (asked, response) => {
      const length = Number(/length%3D(\d+)/.exec(asked.url ?? '')?.[1]);
      if (asked.url?.includes('chunked')) response.write('');
      response.end('y'.repeat(length));
    },
  });
  for (const length of [0, 1, 15_000, 16_384, 40_000, limit]) {
    for (const path of [`/status/503?length=${length}`, `/empty/503?chunked&length=${length}`]) {
      const answer = await stage.get(path);
      assert.deepEqual([answer.status, answer.body.length], [503, length], path);
    }
  }
  for (const more of ['', 'chunked&']) {
    assert.equal((await stage.get(`/status/503?${more}length=${limit + 1}`)).body, 'the service itself');
  }
});

test('a hundred at once, over kept connections and HTTP/2', async () => {
  await using stage = await setPagesStage({
    ...{ web, secure: true, pages: { query: '/{url}' } },
    page: (asked, response) => void response.end(`${asked.url} ${'z'.repeat(30_000)}`),
  });
  const client = connectHttp2(`https://${stage.address}:${stage.httpsPort}`, { rejectUnauthorized: false });
  const ask = (method: string, n: number) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const stream = client.request({ ':method': method, ':path': `/status/${n % 3 === 0 ? 200 : 503}?n=${n}` });
      let status = 0;
      let body = '';
      stream.on('response', (headers) => (status = Number(headers[':status'])));
      stream.on('data', (data) => (body += data));
      stream.on('error', reject);
      stream.on('end', () => resolve({ status, body }));
      stream.end();
    });
  try {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ask('GET', n)));
    answers.forEach(({ body }, n) => {
      if (n % 3 === 0) assert.equal(body, 'the service itself');
      else assert.ok(body.startsWith(`/%2Fstatus%2F503%3Fn%3D${n} z`) && body.length > 30_000, body.slice(0, 80));
    });
    assert.deepEqual(tally(answers), { 200: 34, 503: 66 });
    assert.deepEqual(await ask('HEAD', 1), { status: 503, body: '' });
    assert.equal((await ask('GET', 3)).body, 'the service itself', 'and the connection lives on');
  } finally {
    client.close();
  }
});

test('a client that leaves while its page is fetched leaves nothing behind', async () => {
  let asked = 0;
  await using stage = await setPagesStage({
    web,
    page: (_request, response) => {
      asked += 1;
      setTimeout(() => response.end('late'), 150);
    },
  });
  const leaving = Array.from({ length: 50 }, () => {
    const sent = request({ host: stage.address, port: stage.httpPort, path: '/status/503' });
    sent.on('error', () => {});
    sent.end();
    return sent;
  });
  await until('the pages are asked for', async () => asked === 50);
  for (const one of leaving) one.destroy();
  assert.equal((await stage.get('/status/503')).body, 'late');
});

test('websockets and streams of events pass', async () => {
  await using stage = await setPagesStage();
  const socket = new WebSocket(`ws://${stage.address}:${stage.httpPort}/`);
  await new Promise((resolve) => socket.on('open', resolve));
  socket.send('a');
  assert.equal(String(await new Promise((resolve) => socket.once('message', resolve))), 'web-r1-1:a');
  socket.terminate();
  const first = await new Promise<string>((resolve, reject) => {
    const sent = request({ host: stage.address, port: stage.httpPort, path: '/events' }, (answer) =>
      answer.once('data', (data) => {
        sent.destroy();
        resolve(String(data));
      }),
    );
    sent.on('error', reject);
    sent.end();
  });
  assert.equal(first, 'data: web-r1-1\n\n');
});
