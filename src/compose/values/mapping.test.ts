import assert from 'node:assert/strict';
import test from 'node:test';
import { splitEntry } from './mapping.ts';

test('an entry splits at its first equals sign', () => {
  assert.deepEqual(splitEntry('A=b=c'), ['A', 'b=c']);
  assert.deepEqual(splitEntry('A='), ['A', '']);
  assert.deepEqual(splitEntry('A'), ['A', undefined]);
});
