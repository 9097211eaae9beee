import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scalarText } from '../tree/scalar-text.ts';
import { SourceText } from '../tree/source.ts';
import { readPlainScalar } from './plain-scalar.ts';

const mark = { source: new SourceText('compose.yaml', ''), offset: 0 };

/** Written, how it is read, and how it prints as an environment value; the last as the reference loader prints it. */
const cases: readonly [written: string, type: string, printed: string][] = [
  ['', 'null', ''],
  ['~', 'null', ''],
  ['NULL', 'null', ''],
  ['nULL', 'string', 'nULL'],
  ['true', 'bool', 'true'],
  ['FALSE', 'bool', 'false'],
  ['yes', 'string', 'yes'],
  ['12', 'int', '12'],
  ['-12', 'int', '-12'],
  ['+12', 'int', '12'],
  ['0123', 'int', '83'],
  ['0128', 'float', '128'],
  ['0o17', 'int', '15'],
  ['0x1F', 'int', '31'],
  ['-0b11', 'int', '-3'],
  ['1_000', 'int', '1000'],
  ['-0', 'float', '-0'],
  ['123456789012345678', 'int', '123456789012345678'],
  ['18446744073709551615', 'int', '18446744073709551615'],
  ['18446744073709551616', 'float', '1.8446744073709552e+19'],
  ['1.0', 'float', '1'],
  ['1.50', 'float', '1.5'],
  ['.5', 'float', '0.5'],
  ['1.', 'float', '1'],
  ['1e3', 'float', '1000'],
  ['12345678.0', 'float', '1.2345678e+07'],
  ['1e', 'string', '1e'],
  ['0x', 'string', '0x'],
  ['1.2.3', 'string', '1.2.3'],
  ['22:22', 'string', '22:22'],
  ['-', 'string', '-'],
  ['2024-01-02', 'time', '2024-01-02 00:00:00 +0000 UTC'],
  ['2024-1-2', 'time', '2024-01-02 00:00:00 +0000 UTC'],
  ['2024-01-02T03:04:05Z', 'time', '2024-01-02 03:04:05 +0000 UTC'],
  ['2024-01-02T03:04:05.500+02:00', 'time', '2024-01-02 03:04:05.5 +0200 +0200'],
  ['2024-01-02 03:04:05', 'time', '2024-01-02 03:04:05 +0000 UTC'],
  ['2024-02-30', 'string', '2024-02-30'],
  ['2024-01-02T25:00:00Z', 'string', '2024-01-02T25:00:00Z'],
];

for (const [written, type, printed] of cases) {
  test(`${written === '' ? 'nothing' : written} is ${type}`, () => {
    const scalar = readPlainScalar(written, mark);
    assert.equal(scalar.type, type);
    assert.equal(scalarText(scalar), printed);
  });
}
