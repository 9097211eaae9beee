import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Child } from './child.ts';
import { issueMany } from './issue-many.ts';

/** Growth that is noise of the collector and of the allocator, not a leak: 10,000 × 5 KB would already be more. */
const GROWTH_MB = 40;

test('25. Eight clients without pause: no error, health answers meanwhile, p95 under 2 s', async () => {
  await using child = new Child('src/main.ts', { USE_MOCK_DATA: 'true' });
  const url = await child.url();
  let busy = true;
  const health = watchHealth(url, () => busy);
  const { failed, times } = await issueMany(url, { count: 600, clients: 8 });
  busy = false;
  assert.equal(failed, 0);
  const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Infinity;
  assert.ok(p95 < 2_000, `p95 ${p95} ms`);
  const slowest = await health;
  assert.ok(slowest < 500, `health took ${slowest} ms while certificates were rendered`);
});

test('27. Memory after 10,000 certificates is flat', async (t) => {
  await using child = new Child('src/main.ts', { USE_MOCK_DATA: 'true' });
  const url = await child.url();
  const memory: number[] = [];
  for (let done = 0; done < 10_000; done += 2_000) {
    const { failed } = await issueMany(url, { count: 2_000, clients: 8 });
    assert.equal(failed, 0);
    memory.push(await residentMb(url));
  }
  t.diagnostic(`resident MB after each 2,000: ${memory.map((mb) => mb.toFixed(0)).join(' ')}`);
  const [, settled = 0] = memory;
  const last = memory.at(-1) ?? Infinity;
  assert.ok(last - settled < GROWTH_MB, `from ${settled} to ${last} MB`);
});

async function watchHealth(url: string, busy: () => boolean): Promise<number> {
  let slowest = 0;
  while (busy()) {
    const start = performance.now();
    await (await fetch(`${url}/api/v1/health`)).arrayBuffer();
    slowest = Math.max(slowest, performance.now() - start);
  }
  return slowest;
}

async function residentMb(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
}
