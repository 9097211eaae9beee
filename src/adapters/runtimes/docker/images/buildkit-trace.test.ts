import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceLines } from './buildkit-trace.ts';

/** A length-delimited field of a protocol buffer. */
function field(number: number, content: Buffer | string): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2, body.length]), body]);
}

function trace(...fields: Buffer[]): string {
  return Buffer.concat(fields).toString('base64');
}

test('steps are told when they start, with what they print and why they fail', () => {
  const started = field(1, Buffer.concat([field(3, '[2/2] RUN make'), field(5, 'x')]));
  const done = field(1, Buffer.concat([field(3, '[1/2] FROM a'), field(5, 'x'), field(6, 'y')]));
  const failed = field(1, Buffer.concat([field(3, '[2/2] RUN make'), field(7, 'exit code: 2')]));
  const log = field(3, Buffer.concat([Buffer.from([0x18, 0x01]), field(4, 'one\ntwo\n')]));
  assert.deepEqual(traceLines(trace(started, done, log, failed)), [
    '[2/2] RUN make',
    'one',
    'two',
    '[2/2] RUN make: exit code: 2',
  ]);
  assert.deepEqual(traceLines(''), []);
});
