import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceText } from './source.ts';

test('offsets become lines and columns from 1', () => {
  const source = new SourceText('f', 'ab\n\ncd');
  const places = [0, 1, 2, 3, 4, 5, 6].map((offset) => {
    const { line, column } = source.position(offset);
    return `${line}:${column}`;
  });
  assert.deepEqual(places, ['1:1', '1:2', '1:3', '2:1', '3:1', '3:2', '3:3']);
});

test('an empty text has a first line', () => {
  assert.deepEqual(new SourceText('f', '').position(0), { line: 1, column: 1 });
});
