import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry } from './retry.ts';

const context = { side: 'inner' } as Parameters<typeof retry>[1];

function settings(initialIntervalMs: number, statuses: readonly number[] = []) {
  return retry({ kind: 'retry', attempts: 5, initialIntervalMs, statuses }, context).settings?.retry;
}

test('without chosen statuses the proxy pauses by its time for a connection, which stays a sensible one', () => {
  assert.deepEqual(settings(100), ['retries 4']);
  assert.deepEqual(settings(300), ['retries 4', 'timeout connect 300ms']);
  assert.deepEqual(settings(60_000), ['retries 4', 'timeout connect 1000ms']);
});

test('chosen statuses without an interval are tried again at once, where the instances are', () => {
  assert.deepEqual(settings(0, [503]), ['retries 4', 'retry-on conn-failure empty-response 503']);
  assert.equal(settings(100, [503]), undefined, 'with one, on the outer side');
});
