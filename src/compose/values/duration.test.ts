import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalDuration, parseDurationText } from './duration.ts';

for (const [text, canonical] of [
  ['90s', '1m30s'],
  ['1m30s', '1m30s'],
  ['1.5h', '1h30m0s'],
  ['100ms', '100ms'],
  ['1500us', '1.5ms'],
  ['2µs', '2µs'],
  ['5ns', '5ns'],
  ['1500ms', '1.5s'],
  ['1d2h', '26h0m0s'],
  ['1w', '168h0m0s'],
  ['0', '0s'],
  ['0s', '0s'],
  ['-10s', '-10s'],
  ['+.5s', '500ms'],
  ['1.s', '1s'],
  ['0.1ns', '0s'],
] as const) {
  test(`${text} is ${canonical}`, () => assert.equal(canonicalDuration(text), canonical));
}

for (const [text, message] of [
  ['10', '"10" has a number without a unit'],
  ['1h30', '"1h30" has a number without a unit'],
  ['', '"" is no duration'],
  ['-', '"-" is no duration'],
  ['s', '"s" is no duration'],
  ['1 s', '"1 s" has an unknown unit:  s'],
  ['5x', '"5x" has an unknown unit: x'],
  ['5toString', '"5toString" has an unknown unit: toString'],
  ['300000h9000000h', '"300000h9000000h" is longer than 292 years'],
] as const) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => canonicalDuration(text), { code: 'COMPOSE_DURATION', message });
  });
}

test('nanoseconds are exact', () => assert.equal(parseDurationText('2562047h47m16.854775807s'), 2n ** 63n - 1n));
