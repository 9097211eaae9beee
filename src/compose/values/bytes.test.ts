import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalBytes } from './bytes.ts';

for (const [text, bytes] of [
  ['0', 0],
  ['-1', -1],
  ['2048', 2048],
  ['1k', 1024],
  ['1KB', 1024],
  ['1kib', 1024],
  ['1.5g', 1_610_612_736],
  ['512mb', 536_870_912],
  ['64 M', 67_108_864],
  ['.5k', 512],
  ['10b', 10],
  ['1t', 2 ** 40],
  ['1p', 2 ** 50],
  ['1.0001k', 1024],
] as const) {
  test(`${text} is ${bytes}`, () => assert.equal(canonicalBytes(text), String(bytes)));
}

for (const text of ['', 'k', '-1g', '1x', '1kk', '1bb', '1 k ', '1  k', '1,5g', '0x10', '1e400', '99999p', 'inf']) {
  test(`${JSON.stringify(text)} is no size`, () => assert.equal(canonicalBytes(text), undefined));
}

test('large integers are exact', () => assert.equal(canonicalBytes('9223372036854775807'), '9223372036854775807'));
