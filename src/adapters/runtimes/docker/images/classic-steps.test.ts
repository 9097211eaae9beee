import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassicSteps } from './classic-steps.ts';

test('images of steps are noted, the one of FROM is not', () => {
  const steps = new ClassicSteps();
  const said = [
    'Step 1/3 : FROM node:26\n',
    ' ---> aaaaaaaaaaaa\n',
    'Step 2/3 : COPY . .\n',
    ' ---> bbbbbbbbbbbb\n',
    'Step 3/3 : RUN make\n',
    ' ---> Running in 0123456789ab\n',
    ' ---> cccccccccccc\n',
  ];
  for (const stream of said) steps.add({ stream });
  assert.deepEqual(steps.images, ['bbbbbbbbbbbb', 'cccccccccccc']);
});
