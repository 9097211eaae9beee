import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signalNumber } from './signals.ts';

const cases: readonly (readonly [string, number | undefined])[] = [
  ['SIGTERM', 15],
  ['TERM', 15],
  ['sigquit', 3],
  ['9', 9],
  ['SIGRTMIN', 34],
  ['SIGRTMIN+3', 37],
  ['RTMAX-1', 63],
  ['0', undefined],
  ['99', undefined],
  ['SIGNOTHING', undefined],
  ['', undefined],
];

for (const [text, number] of cases) {
  test(`signal ${JSON.stringify(text)}`, () => assert.equal(signalNumber(text), number));
}
