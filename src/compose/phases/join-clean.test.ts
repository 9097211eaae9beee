import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinClean } from './join-clean.ts';
import { isWindowsAbsolute } from './paths.ts';

for (const [folder, path, joined] of [
  ['/p', './d/', '/p/d'],
  ['/p', '.', '/p'],
  ['/p', '../q//r/', '/q/r'],
  ['.', 'd', 'd'],
  ['sub', '..', '.'],
] as const) {
  test(`${path} from ${folder} is ${joined}`, () => assert.equal(joinClean(folder, path), joined));
}

test('paths of Windows are known', () => {
  for (const path of ['C:\\d', 'c:/d', '\\\\host\\share']) assert.ok(isWindowsAbsolute(path), path);
  for (const path of ['C:', 'c:d', 'd', '\\d', '/d', './c:/d']) assert.ok(!isWindowsAbsolute(path), path);
});
