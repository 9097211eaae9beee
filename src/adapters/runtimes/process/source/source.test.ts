import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { contextLimits, hashContext, listContext } from './context.ts';
import { readDockerfile } from './dockerfile.ts';
import { readIgnored } from './ignore.ts';
import { canRun } from './resolve.ts';

const base = mkdtempSync(join(tmpdir(), 'timonel-source-'));
after(() => rmSync(base, { recursive: true }));
const { signal } = new AbortController();

function context(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(base, 'context-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function list(folder: string, dockerfile = 'Dockerfile'): Promise<string[]> {
  const ignored = readIgnored({ context: folder, dockerfile, never: [join(folder, 'home')], directory: folder });
  const entries = await listContext(folder, { ignored, signal });
  return entries.filter((entry) => entry.kind !== 'folder').map((entry) => entry.path);
}

async function revision(folder: string, seed = ''): Promise<string> {
  const ignored = readIgnored({ context: folder, dockerfile: 'Dockerfile', never: [], directory: folder });
  return hashContext(folder, { entries: await listContext(folder, { ignored, signal }), seed, signal });
}

test('what can be made again, the home and the Compose file are no part of the code', async () => {
  const folder = context({
    'server.js': '',
    'node_modules/a/index.js': '',
    'lib/node_modules/b.js': '',
    '.git/HEAD': '',
    'home/secret': '',
    'compose.yaml': '',
    'docker-compose.prod.yml': '',
    'sub/compose.yaml': '',
    '.env': '',
  });
  assert.deepEqual(await list(folder), ['.env', 'server.js', 'sub/compose.yaml']);
});

test('.dockerignore is followed, with what it takes back', async () => {
  const folder = context({
    '.dockerignore': '# comment\n*.md\n!README.md\ndata\n!data/keep.txt\n**/*.log\n',
    'README.md': '',
    'NOTES.md': '',
    'data/big.bin': '',
    'data/keep.txt': '',
    'src/debug.log': '',
    'src/main.js': '',
  });
  assert.deepEqual(await list(folder), ['.dockerignore', 'README.md', 'data/keep.txt', 'src/main.js']);
});

test("a Dockerfile's own ignore file wins", async () => {
  const folder = context({
    '.dockerignore': 'a',
    'web.Dockerfile.dockerignore': 'b',
    a: '',
    b: '',
    'web.Dockerfile': '',
  });
  assert.deepEqual(await list(folder, 'web.Dockerfile'), [
    '.dockerignore',
    'a',
    'web.Dockerfile',
    'web.Dockerfile.dockerignore',
  ]);
});

test('path, content, mode and target of a link each make another revision', async () => {
  const folder = context({ 'a.js': 'one', 'b/c.js': 'two' });
  symlinkSync('a.js', join(folder, 'link'));
  const seen = new Set([await revision(folder)]);
  const isNew = async (what: string): Promise<void> => {
    const now = await revision(folder);
    assert.ok(!seen.has(now), what);
    seen.add(now);
  };
  assert.ok(seen.has(await revision(folder)), 'the same files, the same revision');
  writeFileSync(join(folder, 'a.js'), 'One');
  await isNew('content');
  chmodSync(join(folder, 'a.js'), 0o755);
  await isNew('mode');
  rmSync(join(folder, 'link'));
  symlinkSync('b/c.js', join(folder, 'link'));
  await isNew('link');
  writeFileSync(join(folder, 'b/d.js'), 'two');
  rmSync(join(folder, 'b/c.js'));
  await isNew('path');
  assert.notEqual(await revision(folder, 'npm ci'), await revision(folder), 'how it is set up');
});

test('a context that is too large is refused before it is read, and its largest part named', async () => {
  const folder = context({ 'a.js': '', 'video/a.mp4': '' });
  truncateSync(join(folder, 'video/a.mp4'), contextLimits.bytes + 1);
  await assert.rejects(list(folder), (error: Error & { said?: { code: string; facts: { largest: string } } }) => {
    assert.equal(error.said?.code, 'RUNTIME_CONTEXT_TOO_LARGE');
    assert.equal(error.said.facts.largest, 'video');
    return true;
  });
});

test('the last stage of a Dockerfile says its ports and its command', () => {
  const text = `# syntax=docker/dockerfile:1
FROM node:26 AS build
EXPOSE 1
CMD ["build"]
FROM node:26-slim as final
expose 8080/tcp 9090 53/udp $PORT
ENTRYPOINT ["node"]
CMD [ "server.js", \\
  "--quiet" ]
`;
  assert.deepEqual(readDockerfile(text), { ports: [8080, 9090], command: ['node', 'server.js', '--quiet'] });
  assert.deepEqual(readDockerfile(text, 'build'), { ports: [1], command: ['build'] });
  assert.deepEqual(readDockerfile('FROM a\nCMD npm start'), { ports: [], command: ['sh', '-c', 'npm start'] });
  assert.deepEqual(readDockerfile(''), { ports: [], command: undefined });
});

test('without its image runs what a local server stands in for, and what the file says how to run', () => {
  const nothing = { command: undefined, cwd: '.', setup: [], env: {} };
  const said = { ...nothing, command: ['node', 'server.js'] };
  assert.equal(canRun({ image: 'redis:7', command: ['redis-server', '--appendonly', 'yes'] }, nothing), true);
  assert.equal(canRun({ build: { context: '.' } }, said), true);
  assert.equal(canRun({ image: 'ghcr.io/me/api:1', command: ['npm', 'start'] }, nothing), false);
  assert.equal(canRun({ build: { context: '.' }, command: ['npm', 'start'] }, nothing), false);
});
