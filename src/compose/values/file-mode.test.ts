import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalFileMode } from './file-mode.ts';

for (const [mode, text] of [
  [0o440, '0440'],
  ['0440', '0440'],
  ['440', '0440'],
  [0o1777, '01777'],
  [0, '00'],
] as const) {
  test(`${JSON.stringify(mode)} is ${text}`, () => assert.equal(canonicalFileMode(mode), text));
}

for (const mode of ['', '0o440', '999', 'rw', -1, 1.5]) {
  test(`${JSON.stringify(mode)} is no mode`, () => assert.equal(canonicalFileMode(mode), undefined));
}
