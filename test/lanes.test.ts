import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanesOf, runInLanes } from './lanes.ts';

const files = [
  ...['contracts/docker-runtime', 'contracts/process-limits', 'contracts/process-output', 'integration/canary'],
  ...['integration/cli-daemon', 'integration/docker-images', 'integration/docker-model', 'integration/tls'],
].map((name) => `test/${name}.test.ts`);

test('two at a time, never two with Docker, and those that measure alone at the end', async () => {
  const running = new Set<string>();
  const together: string[][] = [];
  let turns = 0;
  await runInLanes(lanesOf(files), async (file) => {
    running.add(file);
    together.push([...running]);
    // Those with Docker take longest.
    for (let turn = 0; turn < (file.includes('docker') ? 3 : 1); turn++)
      await new Promise((resolve) => setImmediate(resolve));
    running.delete(file);
    turns += 1;
  });
  assert.equal(turns, files.length);
  assert.ok(together.some((one) => one.length === 2));
  for (const one of together) {
    assert.ok(one.length <= 2 && one.filter((file) => file.includes('docker')).length <= 1, one.join());
  }
  assert.deepEqual(
    together.slice(-2).map((one) => one.join()),
    ['test/contracts/process-limits.test.ts', 'test/integration/canary.test.ts'],
  );
});
