import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runtime } from '#world/runtime.ts';
import { chooseRuntime } from './choose-runtime.ts';

const options = { command: undefined, cwd: '.', setup: [], env: {} };
const candidates = ['db', 'web'].map((name) => ({ name, service: { image: name }, process: options }));

/** A process runtime that knows `known`, and an engine that is there or not. */
function runtimes(known: readonly string[], isThere: boolean) {
  const process = { canRun: async ({ image = '' }) => known.includes(image) } as unknown as Runtime;
  const docker = { answers: async () => isThere } as unknown as Runtime;
  return { process, docker };
}

test('containers only where a service needs its image and an engine answers', async () => {
  const choose = async (known: readonly string[], isThere: boolean) =>
    (await chooseRuntime(runtimes(known, isThere), candidates)).kind;
  assert.equal(await choose(['db', 'web'], true), 'process');
  assert.equal(await choose(['db'], true), 'docker');
  assert.equal(await choose(['db'], false), 'process');
});

test('the choice says for whom it was made', async () => {
  const { findings } = await chooseRuntime(runtimes(['db'], true), candidates);
  assert.deepEqual(
    findings.map((one) => [one.severity, one.said.facts]),
    [['info', { service: 'web' }]],
  );
});
