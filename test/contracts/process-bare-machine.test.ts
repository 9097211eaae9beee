import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const suite = fileURLToPath(import.meta.resolve('./process-runtime.test.ts'));

/** The part of the contract in which names count. */
const part = ['own address, and is observed', 'neighbours are found', 'a command inside sees'];

/** A copy of /etc without what a bare debootstrap lacks, in a mount namespace of its own. */
const withoutHosts = `cp -a /etc "$1/etc" && rm -f "$1/etc/hosts" "$1/etc/resolv.conf" && mount --bind "$1/etc" /etc &&
! test -e /etc/hosts && shift && exec "$@"`;

test('process: the contract holds on a machine without /etc/hosts', {
  timeout: 120_000,
  skip: process.getuid?.() === 0 ? false : 'needs root',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-bare-'));
  try {
    const run = [process.execPath, '--test', '--test-reporter=tap', `--test-name-pattern=${part.join('|')}`, suite];
    const args = ['--mount', 'sh', '-c', withoutHosts, 'sh', folder, ...run];
    const env = { PATH: process.env.PATH ?? '' };
    const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 90_000, env });
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, new RegExp(`^# pass ${part.length}$`, 'm'), stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
