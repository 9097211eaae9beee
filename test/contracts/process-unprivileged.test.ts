import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const nobody = 65_534;
const suite = fileURLToPath(import.meta.resolve('./process-runtime.test.ts'));

/** The part of the contract that needs no folder outside of the home. */
const part = [
  'own address, and is observed',
  'byte for byte',
  'neighbours are found',
  'a command inside sees',
  'one-off run has everything',
  'found again by the next',
  'no line is lost',
];

function asNobody(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const identity = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH ?? '', ...env }, timeout: 90_000 } as const;
  return spawnSync('setpriv', [...identity, '--', file, ...args], options);
}

function reasonToSkip(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, to become nobody';
  if (asNobody('test', ['-r', suite]).status !== 0) return 'the account nobody cannot read this project';
  if (asNobody('test', ['-x', process.execPath]).status !== 0) return 'the account nobody cannot run this Node';
  return asNobody('unshare', ['--user', '--mount', 'true']).status === 0
    ? false
    : 'this kernel allows no user namespaces';
}

test('process: the contract holds without root, in a user namespace', {
  timeout: 120_000,
  skip: reasonToSkip(),
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-nobody-'));
  try {
    chownSync(folder, nobody, nobody);
    const args = ['--test', '--test-reporter=tap', `--test-name-pattern=${part.join('|')}`, suite];
    const { status, stdout, stderr } = asNobody(process.execPath, args, { TMPDIR: folder, HOME: folder });
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, new RegExp(`^# pass ${part.length}$`, 'm'), stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
