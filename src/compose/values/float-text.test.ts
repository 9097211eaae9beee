import assert from 'node:assert/strict';
import test from 'node:test';
import { floatText, singlePrecision } from './float-text.ts';

for (const [value, text] of [
  [1, '1'],
  [1.5, '1.5'],
  [-0.5, '-0.5'],
  [100_000.5, '100000.5'],
  [1_000_000, '1e+06'],
  [12_345_678, '1.2345678e+07'],
  [-1_234_567, '-1.234567e+06'],
  [1e21, '1e+21'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [0, '0'],
  [-0, '-0'],
] as const) {
  test(`${value} is written ${text}`, () => assert.equal(floatText(value), text));
}

test('single precision keeps the digits that people wrote', () => {
  assert.equal(singlePrecision(0.1), 0.1);
  assert.equal(singlePrecision(2), 2);
  assert.equal(singlePrecision(0.123456789), 0.12345679);
});
