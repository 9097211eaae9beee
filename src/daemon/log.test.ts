import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLog } from './log.ts';

const mebibyte = 1024 * 1024;

test('lines carry time and level, and an error its cause', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-log-'));
  try {
    const log = openLog(join(folder, 'daemon.log'), () => new Date(0));
    log.info('starts');
    log.error('recovery', new Error('no disk'));
    const text = readFileSync(join(folder, 'daemon.log'), 'utf8');
    assert.match(
      text,
      /^1970-01-01T00:00:00\.000Z info starts\n1970-01-01T00:00:00\.000Z error recovery: Error: no disk/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('it stays small, keeps three older files, and what else is open on the file writes on into it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-log-'));
  try {
    const file = join(folder, 'daemon.log');
    const log = openLog(file, () => new Date(0));
    const standardError = openSync(file, 'a');
    const line = 'x'.repeat(mebibyte);
    for (let count = 0; count < 30; count++) log.info(line);
    writeSync(standardError, 'last words\n');
    closeSync(standardError);
    assert.deepEqual(readdirSync(folder).toSorted(), ['daemon.log', 'daemon.log.1', 'daemon.log.2', 'daemon.log.3']);
    for (const name of readdirSync(folder)) assert.ok(statSync(join(folder, name)).size < 5.5 * mebibyte, name);
    assert.match(readFileSync(file, 'utf8'), /last words\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
