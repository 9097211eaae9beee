import assert from 'node:assert/strict';
import test from 'node:test';
import { entriesToMapping, mappingToEntries, splitEntry } from './mapping.ts';

test('an entry splits at its first equals sign', () => {
  assert.deepEqual(splitEntry('A=b=c'), ['A', 'b=c']);
  assert.deepEqual(splitEntry('A='), ['A', '']);
  assert.deepEqual(splitEntry('A'), ['A', undefined]);
});

test('entries and mapping stand for each other', () => {
  assert.deepEqual(
    entriesToMapping(['B=2', 'A', 'B=3', '__proto__=x']),
    JSON.parse('{"B":"3","A":null,"__proto__":"x"}'),
  );
  assert.deepEqual(mappingToEntries({ B: '3', A: null, C: '' }), ['A', 'B=3', 'C=']);
});
