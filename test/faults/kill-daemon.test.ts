import { test } from 'node:test';
import { killAtEachStep } from './kill-daemon.ts';
import { processStage } from './stage.ts';

for (const strategy of ['rolling', 'blue-green', 'canary', 'recreate'] as const) {
  // What a canary has in common with the others is tried with them.
  const sample = strategy === 'canary' ? { sample: /^(route|analyse|commit)/ } : {};
  test(
    `process, ${strategy}: the daemon is killed at each step, and no request fails`,
    {
      timeout: 600_000,
    },
    (context) => killAtEachStep({ stage: processStage, strategy, context, ...sample }),
  );
}
