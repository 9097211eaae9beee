import { after, test } from 'node:test';
import { startEngine, type TestEngine, whyNoEngine } from '../support/docker.ts';
import { dockerStage } from '../support/docker-stage.ts';
import { runtimeContract } from './runtime.ts';

const reason = whyNoEngine();
if (reason !== undefined) {
  test('docker runtime', { skip: reason }, () => undefined);
} else {
  let engine: Promise<TestEngine> | undefined;
  after(async () => (await engine)?.[Symbol.asyncDispose]());
  runtimeContract('docker', async () => {
    engine ??= startEngine();
    return dockerStage(await engine);
  });
}
