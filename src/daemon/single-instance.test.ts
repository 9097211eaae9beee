import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdAlone } from './single-instance.ts';

const holder = `
  const { holdAlone } = await import(${JSON.stringify(import.meta.resolve('./single-instance.ts'))});
  console.log(holdAlone(process.argv[1]) === undefined ? 'refused' : 'held');
  setInterval(() => {}, 1000);
`;

test('one process at a time holds the lock, and any death of it sets it free', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-lock-'));
  const file = join(folder, 'daemon.lock');
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, file], { stdio: 'pipe' });
  try {
    const [word] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(word.toString().trim(), 'held');
    assert.equal(holdAlone(file), undefined);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const mine = holdAlone(file);
    assert.notEqual(mine, undefined);
    assert.equal(holdAlone(file), undefined, 'not even the same process twice');
    mine?.release();
    const again = holdAlone(file);
    assert.notEqual(again, undefined);
    again?.release();
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
