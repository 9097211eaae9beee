import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { test } from 'node:test';
import { type LabelledStage, setLabelledStage } from '../../support/labelled-stage.ts';

/* A body that does not say how long it is takes a way round through the proxy to be counted. Nobody must notice. */

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

function upload(stage: LabelledStage, bytes: number, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ host: stage.address, port: stage.httpPort, method: 'POST', agent: false },
      ...{ localAddress: '127.5.5.5', headers: { host: 'a.localhost', ...headers } },
    });
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('close', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    sent.on('error', reject);
    // Written in pieces, so that it goes out in chunks; one says how long it is, so no longer than the least limit.
    for (let left = bytes; left > 0; left -= 10_000) sent.write(Buffer.alloc(Math.min(left, 10_000)));
    sent.end();
  });
}

const limited = { maxBody: '100KB', requestHeaders: { 'X-Tenant': 'uno' } };

test('the instance sees the same request as otherwise, and nothing of the way round', async () => {
  await using stage = await setLabelledStage({ route: limited });
  assert.equal((await upload(stage, 100 * 1024)).status, 200);
  const { 'x-tenant': tenant, 'x-forwarded-for': client, ...others } = stage.web.lastHeaders();
  assert.deepEqual([tenant, client], ['uno', '127.5.5.5']);
  assert.equal(others['x-timonel-body-limit'], undefined);
  assert.equal((await upload(stage, 100 * 1024 + 1)).status, 413);
  assert.equal((await upload(stage, 100 * 1024)).status, 200);
});

test('who still sends when it is too much hears so all the same', async () => {
  await using stage = await setLabelledStage({ route: limited });
  for (let n = 0; n < 15; n++) assert.equal((await upload(stage, 2 ** 20)).status, 413);
});

test('a limit that the client writes itself is none', async () => {
  await using stage = await setLabelledStage({ route: limited });
  assert.equal((await upload(stage, 1000, { 'x-timonel-body-limit': '10' })).status, 200);
  assert.equal((await upload(stage, 101 * 1024, { 'x-timonel-body-limit': '99999999' })).status, 413);
});

test('the policy is met once: three of three tokens are worth three uploads', async () => {
  const rateLimit = { average: 1, period: '1h', burst: 3 };
  await using stage = await setLabelledStage({ route: { ...limited, rateLimit } });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await upload(stage, 1000)).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
});

test('a client stays at its instance', async () => {
  await using stage = await setLabelledStage({ route: { ...limited, sticky: true } });
  const second = await stage.start('web-r1-2');
  await stage.serve([stage.web.server(), second.server()]);
  const first = await upload(stage, 1000);
  const cookies = first.headers['set-cookie'] ?? [];
  assert.equal(cookies.length, 1, cookies.join(' | '));
  const cookie = cookies[0]?.split(';')[0] ?? '';
  for (let n = 0; n < 6; n++) assert.equal((await upload(stage, 1000, { cookie })).status, 200);
  const counts = [stage.web.requests(), second.requests()].toSorted((a, b) => a - b);
  assert.deepEqual(counts, [0, 7]);
});
