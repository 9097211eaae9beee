import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientKey, PolicyRule } from '#model/policy.ts';
import { setPolicyStage, tally } from '../../support/policy-stage.ts';

const address: ClientKey = { kind: 'address' };
const bucket = (average: number, burst: number, key: ClientKey = address): PolicyRule => ({
  kind: 'rate-limit',
  key,
  allowance: { kind: 'bucket', average, periodMs: 1000, burst },
});

const windows = (...all: readonly (readonly [requests: number, perMs: number])[]): PolicyRule => ({
  kind: 'rate-limit',
  key: address,
  allowance: { kind: 'windows', windows: all.map(([requests, perMs]) => ({ requests, perMs })) },
});

test('one client at its limit leaves the others alone, and says how much is left', async () => {
  await using stage = await setPolicyStage([bucket(1, 2)]);
  const from = (last: number) => stage.get('/', { from: `127.0.0.${last}` });
  const first = await from(2);
  const { 'ratelimit-limit': limit, 'ratelimit-remaining': left, 'ratelimit-reset': reset } = first.headers;
  assert.deepEqual([limit, left, reset], ['2', '1', '1']);
  assert.deepEqual(tally([await from(2), await from(2)]), { 200: 1, 429: 1 });
  assert.deepEqual(tally([await from(3), await from(3)]), { 200: 2 });
});

test('by depth of X-Forwarded-For, from a trusted proxy only', async () => {
  const rule = bucket(1, 2, { kind: 'address', depth: 2 });
  await using stage = await setPolicyStage([rule], { trustedProxies: ['127.0.0.0/8'] });
  const as = (chain: string) => stage.get('/', { headers: { 'x-forwarded-for': chain } });
  const same = [await as('1.1.1.1, 10.0.0.1, 10.9.9.1'), await as('10.0.0.1, 10.9.9.2'), await as('10.0.0.1,10.9.9.3')];
  assert.deepEqual(tally(same), { 200: 2, 429: 1 });
  assert.deepEqual(tally([await as('10.0.0.2, 10.9.9.1')]), { 200: 1 });
});

test('by header; without it by address', async () => {
  await using stage = await setPolicyStage([bucket(1, 1, { kind: 'header', name: 'x-key' })]);
  const as = (key: string) => stage.get('/', { headers: { 'x-key': key } });
  assert.deepEqual(tally([await as('a'), await as('a'), await as('b')]), { 200: 2, 429: 1 });
  assert.deepEqual(tally([await stage.get('/'), await stage.get('/')]), { 200: 1, 429: 1 });
  const long = 'x'.repeat(3000);
  assert.deepEqual(tally([await as(`${long}1`), await as(`${long}2`)]), { 200: 2 });
});

test('by a claim of the bearer token', async () => {
  await using stage = await setPolicyStage([bucket(1, 1, { kind: 'jwt-claim', claim: 'sub' })]);
  const token = (sub: string) =>
    [{ alg: 'HS256' }, { sub }, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const as = (sub: string) => stage.get('/', { headers: { authorization: `Bearer ${token(sub)}` } });
  assert.deepEqual(tally([await as('ana'), await as('ana'), await as('eva')]), { 200: 2, 429: 1 });
});

test('several windows must all have room; the longer one still counts when the shorter has passed', async () => {
  await using stage = await setPolicyStage([windows([10, 1000], [15, 60_000])]);
  const many = (count: number) => Promise.all(Array.from({ length: count }, () => stage.get('/')));
  assert.deepEqual(tally(await many(30)), { 200: 10, 429: 20 });
  const until = performance.now() + 8000;
  let passed = 10;
  while (passed < 15 && performance.now() < until) {
    if ((await stage.get('/')).status === 200) passed += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(passed, 15);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assert.deepEqual(tally(await many(5)), { 429: 5 }, 'the minute is used up');
});

test('who waits as long as Retry-After says gets in, whichever window is full', async () => {
  await using stage = await setPolicyStage([windows([3, 2000], [100, 60_000])]);
  const ask = (from = '127.0.0.1') => stage.get('/', { from });
  const waitOf = ({ headers }: Awaited<ReturnType<typeof ask>>) => Number(headers['retry-after']);
  for (let round = 0; round < 2; round++) {
    const answers = [await ask(), await ask(), await ask(), await ask()];
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0, 'over the limit');
    const waitS = waitOf(refused.at(-1) as (typeof answers)[number]);
    assert.ok(waitS >= 1 && waitS <= 3, `${waitS} s`);
    await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
    assert.equal((await ask()).status, 200, `after ${waitS} s`);
  }
});

test('after a hundred at once in a minute nobody is asked to come again in a second', async () => {
  await using stage = await setPolicyStage([windows([100, 60_000], [1000, 3_600_000])]);
  const answers = await Promise.all(Array.from({ length: 120 }, () => stage.get('/')));
  assert.ok((tally(answers)[429] ?? 0) >= 15);
  const again = await stage.get('/');
  assert.equal(again.status, 429);
  const waitS = Number(again.headers['retry-after']);
  assert.ok(waitS > 40 && waitS <= 61, `${waitS} s`);
  assert.equal(again.headers['ratelimit-reset'], String(waitS));
});

test('an hourly bucket does not overflow', async () => {
  const allowance = { kind: 'bucket', average: 1000, periodMs: 3_600_000, burst: 1000 } as const;
  await using stage = await setPolicyStage([{ kind: 'rate-limit', key: address, allowance }]);
  let passed = 0;
  for (let batch = 0; batch < 12; batch++) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => stage.get('/')));
    passed += tally(answers)[200] ?? 0;
  }
  // Two threads may let in one request each on the same token; nothing adds up from that.
  assert.ok(passed >= 1000 && passed <= 1060, `${passed} passed`);
});
