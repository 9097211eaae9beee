import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Messages } from './event-server.ts';

function reader(): { readonly got: string[]; readonly messages: Messages } {
  const got: string[] = [];
  return { got, messages: new Messages((text) => got.push(text)) };
}

test('messages are cut out whatever pieces they come in', () => {
  const stream = Buffer.from('5 hello3 a b0 12 caf\u00e9 au lait', 'latin1');
  for (let size = 1; size <= stream.length; size++) {
    const { got, messages } = reader();
    for (let at = 0; at < stream.length; at += size) messages.take(stream.subarray(at, at + size));
    assert.deepEqual(got, ['hello', 'a b', '', 'caf\u00e9 au lait'], `in pieces of ${size}`);
  }
});

test('nonsense neither grows without end nor keeps later messages out', () => {
  const { got, messages } = reader();
  messages.take(Buffer.from('what is this'));
  messages.take(Buffer.from('2 ok'));
  messages.take(Buffer.alloc(100_000, 'x'));
  messages.take(Buffer.from('2 ok'));
  messages.take(Buffer.from('99999999 x'));
  messages.take(Buffer.from('2 ok'));
  assert.deepEqual(got, ['ok', 'ok', 'ok']);
});
