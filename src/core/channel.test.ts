import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from './channel.ts';

test('values arrive in order, also those that were put before anybody read', async () => {
  const channel = new Channel<number>();
  void channel.put(1);
  void channel.put(2);
  const read = Array.fromAsync(channel);
  await channel.put(3);
  channel.end();
  assert.deepEqual(await read, [1, 2, 3]);
});

test('who gives waits for who reads', async () => {
  const channel = new Channel<string>();
  const reader = channel[Symbol.asyncIterator]();
  let isTaken = false;
  const put = channel.put('a').then(() => {
    isTaken = true;
  });
  assert.equal((await reader.next()).value, 'a');
  assert.equal(isTaken, false, 'it is still being looked at');
  const next = reader.next();
  await put;
  channel.end();
  assert.equal((await next).done, true);
});

test('nobody waits for a reader that left', async () => {
  const channel = new Channel<number>();
  const puts = [channel.put(1), channel.put(2)];
  for await (const _ of channel) break;
  await Promise.all(puts);
  await channel.put(3);
});
