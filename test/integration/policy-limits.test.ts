import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { type LabelledStage, setLabelledStage, tally, times } from '../support/labelled-stage.ts';

/** The rate limit of the documentos guide. */
const guide = {
  middlewares: { 'rl.ratelimit.average': '100', 'rl.ratelimit.burst': '50', 'rl.ratelimit.period': '1s' },
  attach: 'rl',
};

test('average 100, burst 50: of 150 instant requests about 50 pass, the rest is told when to come again', async () => {
  await using stage = await setLabelledStage(guide);
  const before = performance.now();
  const answers = await times(150, () => stage.ask('/'));
  // The bucket refills while the burst is on its way.
  const refilled = ((performance.now() - before) / 1000) * 100;
  const { 200: passed = 0, 429: refused = 0 } = tally(answers);
  assert.equal(passed + refused, 150);
  assert.ok(passed >= 50 && passed <= 52 + refilled, `${passed} passed, ${refilled} refilled`);
  const one = answers.find((answer) => answer.status === 429);
  assert.equal(one?.headers['retry-after'], '1');
  assert.equal(one?.headers['ratelimit-remaining'], '0');
  assert.equal((JSON.parse(one?.body ?? '{}') as { error?: string }).error, 'TooManyRequests');
});

test('at a steady 50 a second none is refused', async () => {
  await using stage = await setLabelledStage(guide);
  const answers: Promise<{ status: number }>[] = [];
  const end = performance.now() + 3000;
  while (performance.now() < end) {
    answers.push(stage.ask('/'));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(Object.keys(tally(await Promise.all(answers))), ['200']);
});

test("one client's flood costs another nothing, and a forged X-Forwarded-For makes no other client", async () => {
  await using stage = await setLabelledStage(guide);
  const flood = await times(120, (n) =>
    stage.ask('/', { from: '127.1.1.1', headers: { 'x-forwarded-for': `10.0.0.${n}` } }),
  );
  assert.ok((tally(flood)[429] ?? 0) > 40);
  assert.deepEqual(tally(await times(20, () => stage.ask('/', { from: '127.1.1.2' }))), { 200: 20 });
});

test('behind a trusted proxy each of its clients has its own limit', async () => {
  const trusted = { trustedProxies: ['127.2.0.0/16'] };
  await using stage = await setLabelledStage(guide, undefined, trusted);
  const from = (client: string) => ({ from: '127.2.0.1', headers: { 'x-forwarded-for': client } });
  await times(120, () => stage.ask('/', from('10.0.0.1')));
  assert.deepEqual(tally(await times(20, () => stage.ask('/', from('10.0.0.2')))), { 200: 20 });
  // What the client itself wrote into the header does not count.
  const forged = await times(120, (n) => stage.ask('/', from(`6.6.6.${n}, 10.0.0.1`)));
  assert.ok((tally(forged)[429] ?? 0) > 40);
});

test('neighbours pass the limit by', async () => {
  await using stage = await setLabelledStage(guide);
  assert.deepEqual(tally(await times(120, () => stage.get('/', { port: 9000 }))), { 200: 120 });
});

test('in flight: more than five at once of one client get 429', async () => {
  await using stage = await setLabelledStage({ middlewares: { 'few.inflightreq.amount': '5' }, attach: 'few' });
  const answers = await times(8, () => stage.ask('/slow/400'));
  assert.deepEqual(tally(answers), { 200: 5, 429: 3 });
  assert.deepEqual(tally(await times(5, () => stage.ask('/'))), { 200: 5 });
});

test('body limit: exactly 10 MB passes, a byte more gets 413, told in advance or not', async () => {
  const limit = 10 * 1024 * 1024;
  await using stage = await setLabelledStage({
    middlewares: { 'max.buffering.maxRequestBodyBytes': String(limit) },
    attach: 'max',
  });
  const told = async (bytes: number) => {
    const answer = await stage.ask('/', { method: 'POST', body: Buffer.alloc(bytes) }).catch(() => ({ status: 413 }));
    return answer.status;
  };
  assert.equal(await told(limit), 200);
  assert.equal(await told(limit + 1), 413);
  assert.equal(await chunked(stage, limit), 200);
  assert.equal(await chunked(stage, limit + 1), 413);
});

/** A body whose length nobody told before. */
function chunked(stage: LabelledStage, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: stage.address,
      port: stage.httpPort,
      method: 'POST',
      headers: { host: 'a.localhost' },
    });
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0)).on('error', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    const piece = Buffer.alloc(1 << 20);
    const write = (left: number): void => {
      if (left <= 0) return void sent.end();
      sent.write(piece.subarray(0, Math.min(piece.length, left)), () => write(left - piece.length));
    };
    write(bytes);
  });
}
