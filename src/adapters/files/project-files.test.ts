import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import test from 'node:test';
import { projectFiles } from './project-files.ts';

function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'timonel-files-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test('tells files, folders and other things apart, through links', () => {
  using folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at('file'), 'text');
  mkdirSync(at('folder'));
  symlinkSync('file', at('link'));
  symlinkSync('nowhere', at('dangling'));
  symlinkSync('loop', at('loop'));
  const kinds = ['file', 'folder', 'link', 'dangling', 'loop', 'absent', 'file/below'].map((name) =>
    projectFiles.kind(at(name)),
  );
  assert.deepEqual(kinds, ['file', 'directory', 'file', undefined, undefined, undefined, undefined]);
  assert.equal(projectFiles.kind('/dev/null'), 'other');
  assert.equal(projectFiles.realPath(at('link')), at('file'));
  assert.equal(projectFiles.readText(at('absent')), undefined);
  assert.equal(projectFiles.readText(at('loop')), undefined);
});

test('text is UTF-8, byte order mark and all; anything else is an error', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'file');
  writeFileSync(path, '\uFEFFñ\r\n');
  assert.equal(projectFiles.readText(path), '\uFEFFñ\r\n');
  writeFileSync(path, Buffer.from([0x61, 0xff]));
  assert.throws(() => projectFiles.readText(path));
  assert.deepEqual([...(projectFiles.readBytes(path) ?? [])], [0x61, 0xff]);
});

test('a file that may not be read is an error, not a missing file', {
  skip: process.getuid?.() !== 0 && 'needs root to become another user',
}, () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'secret.env');
  writeFileSync(path, 'A=1');
  chmodSync(path, 0o600);
  chmodSync(folder.path, 0o755);
  process.seteuid?.(65_534);
  try {
    assert.equal(projectFiles.kind(path), 'file');
    assert.throws(() => projectFiles.readText(path), { code: 'EACCES' });
  } finally {
    process.seteuid?.(0);
  }
});

test('an empty device is empty', () => assert.equal(projectFiles.readText('/dev/null'), ''));

test('the pipe of a process substitution is read to its end, pauses and all', () => {
  const module = new URL('./project-files.ts', import.meta.url).href;
  const read = `import(process.argv[1]).then((m) => process.stdout.write(m.projectFiles.readText(process.argv[2])))`;
  const script = '"$0" -e "$1" "$2" <(echo A=1; sleep 0.2; echo B=2)';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, read, module], { encoding: 'utf8' });
  assert.equal(stdout, 'A=1\nB=2\n', stderr);
});

test('a pipe that nobody writes to holds nothing, and does not hang', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'pipe');
  assert.equal(spawnSync('mkfifo', [path]).status, 0);
  assert.equal(projectFiles.readText(path), '');
});

test('a device without end is given up', () => {
  assert.throws(() => projectFiles.readText('/dev/zero'), /did not end after 16 MiB/);
});
