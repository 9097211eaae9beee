import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readIgnored } from './ignore.ts';

test('the ignore file of the Dockerfile wins, exceptions bring back, the Dockerfile always goes along', (t) => {
  const context = mkdtempSync(join(tmpdir(), 'timonel-ignore-'));
  t.after(() => rmSync(context, { recursive: true }));
  writeFileSync(join(context, '.dockerignore'), '# all\n**\n!src/**\nsrc/*.log\n');
  const ignored = readIgnored(context, 'docker/Dockerfile');
  const has = ['a.txt', 'src/main.js', 'src/x.log', 'docker/Dockerfile', '.dockerignore'].map((path) =>
    ignored.has(path),
  );
  assert.deepEqual(has, [true, false, true, false, false]);
  assert.equal(ignored.mayHold('docker'), true);
  writeFileSync(join(context, 'Other.dockerignore'), 'secret\n');
  const own = readIgnored(context, 'Other');
  assert.deepEqual(
    ['a.txt', 'secret'].map((path) => own.has(path)),
    [false, true],
  );
});
