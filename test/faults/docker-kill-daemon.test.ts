import { after, test } from 'node:test';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { killAtEachStep, type Strategy } from './kill-daemon.ts';
import { dockerStageOf } from './stage.ts';

const reason = whyNoEngine();
let engine: Promise<TestEngine> | undefined;
after(async () => (await engine)?.[Symbol.asyncDispose]());

/** The moments that differ most between runtimes, to keep within CI's time; FAULTS=all walks every step. */
const walks: readonly (readonly [Strategy, RegExp])[] = [
  ['rolling', /^(start|route|observe|commit|stop)/],
  ['blue-green', /^park/],
  ['recreate', /^(hold|stop|unhold)/],
];

for (const [strategy, sample] of walks) {
  test(`docker, ${strategy}: the daemon is killed at each step, and no request fails`, {
    skip: reason ?? false,
    timeout: 900_000,
  }, async (context) => {
    engine ??= startEngine();
    const started = await engine;
    const stage = dockerStageOf(started, { socketPath: started.socketPath });
    await killAtEachStep({ stage, strategy, context, sample });
  });
}
