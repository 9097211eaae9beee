import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOf } from '#adapters/haproxy/layout.ts';
import { proxyProcesses } from '#adapters/haproxy/processes.ts';
import type { Allowance, PolicyRule } from '#model/policy.ts';
import { inTurn } from '../../support/labelled-stage.ts';
import { setPolicyStage, tally } from '../../support/policy-stage.ts';
import { type Stage, tableOf } from '../../support/proxy-stage.ts';

/** A limit that lets 100 requests of a client pass and gives hardly any back while a test runs. */
const limits: Readonly<Record<string, Allowance>> = {
  'two windows': {
    kind: 'windows',
    windows: [
      { requests: 100, perMs: 60_000 },
      { requests: 1000, perMs: 3_600_000 },
    ],
  },
  'a token bucket': { kind: 'bucket', average: 1, periodMs: 600_000, burst: 100 },
  'a token bucket counted in microseconds': { kind: 'bucket', average: 3, periodMs: 60_000, burst: 100 },
};

const limit = (allowance: Allowance): PolicyRule => ({ kind: 'rate-limit', key: { kind: 'address' }, allowance });

type PolicyStage = Awaited<ReturnType<typeof setPolicyStage>>;

/** Applies these rules with one more published port, which needs a reload. */
async function reload({ balancer, address, web }: PolicyStage, port: number, rules: readonly PolicyRule[]) {
  const listeners = [{ kind: 'published' as const, address, port }];
  const table = tableOf({ servers: [web.server()], listeners, routes: [{ policy: { rules } }] });
  assert.deepEqual(await balancer.apply(table), { reloaded: true });
}

async function ask(stage: Stage, times: number): Promise<Readonly<Record<number, number>>> {
  return tally(await inTurn(times, () => stage.get('/')));
}

for (const [name, allowance] of Object.entries(limits)) {
  test(`${name}: what a client used stays used over two reloads, the first right after the start`, async () => {
    const rules = [limit(allowance)];
    await using stage = await setPolicyStage(rules);
    assert.deepEqual(await ask(stage, 60), { 200: 60 });
    await reload(stage, 8001, rules);
    await reload(stage, 8002, rules);
    assert.deepEqual(await ask(stage, 40), { 200: 40 });
    assert.deepEqual(await ask(stage, 1), { 429: 1 });
  });
}

test('a limit that came with a reload is kept over the next', async () => {
  await using stage = await setPolicyStage([]);
  const rules = [limit({ kind: 'windows', windows: [{ requests: 3, perMs: 3_600_000 }] })];
  await reload(stage, 8001, rules);
  assert.deepEqual(await ask(stage, 2), { 200: 2 });
  await reload(stage, 8002, rules);
  assert.deepEqual(tally([await stage.get('/'), await stage.get('/')]), { 200: 1, 429: 1 });
});

test('what is under way is counted once, and no longer than it lasts', async () => {
  const rules: PolicyRule[] = [{ kind: 'in-flight', key: { kind: 'address' }, amount: 4 }];
  await using stage = await setPolicyStage(rules);
  const slow = () => Promise.all(Array.from({ length: 5 }, () => stage.get('/slow/900')));
  const before = slow();
  await reload(stage, 8001, rules);
  assert.deepEqual(tally(await before), { 200: 4, 429: 1 });
  await reload(stage, 8002, rules);
  assert.deepEqual(tally(await slow()), { 200: 4, 429: 1 });
});

test('a bucket of another kind begins anew, and nobody is locked out by the numbers of the old one', async () => {
  await using stage = await setPolicyStage([limit({ kind: 'bucket', average: 1, periodMs: 1000, burst: 5 })]);
  assert.deepEqual(await ask(stage, 6), { 200: 5, 429: 1 });
  await reload(stage, 8001, [limit({ kind: 'bucket', average: 1, periodMs: 600_000, burst: 5 })]);
  assert.deepEqual(await ask(stage, 6), { 200: 5, 429: 1 });
});

test('a proxy that was killed counts from nothing, and over reloads again', async () => {
  const rules = [limit({ kind: 'windows', windows: [{ requests: 3, perMs: 3_600_000 }] })];
  await using stage = await setPolicyStage(rules);
  assert.deepEqual(await ask(stage, 3), { 200: 3 });
  const died = new Promise<void>((resolve) => stage.balancer.watch(resolve));
  for (const one of proxyProcesses(layoutOf(stage.home).config)) process.kill(one.pid, 'SIGKILL');
  await died;
  await stage.balancer.ensureRunning();
  assert.deepEqual(await ask(stage, 2), { 200: 2 });
  await reload(stage, 8001, rules);
  assert.deepEqual(tally([await stage.get('/'), await stage.get('/')]), { 200: 1, 429: 1 });
});
