import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Service } from '#model/project.ts';
import type { ProcessOptions, ServiceSpec, Source } from '#model/spec.ts';
import { type ProcessStage, processStage, specOf } from '../support/process-stage.ts';
import { instanceOf, never, said, until } from './stage.ts';

const plain: ProcessOptions = { command: ['node', 'main.js'], cwd: '.', setup: [], env: {} };

function check(name: string, act: (stage: ProcessStage) => Promise<void>): void {
  test(`process: ${name}`, { timeout: 60_000 }, async () => {
    await using stage = await processStage();
    writeFileSync(join(stage.project.directory, 'main.js'), 'console.log("main", process.cwd())');
    await act(stage);
  });
}

function resolve(stage: ProcessStage, service: Service, process = plain, signal = never): Promise<Source> {
  const { name, directory } = stage.project;
  return stage.runtime.resolveSource({ project: name, directory, name: 'web', service, process }, signal);
}

async function specFor(stage: ProcessStage, service: Service, process = plain): Promise<ServiceSpec> {
  const source = await resolve(stage, service, process);
  return specOf({ name: 'web', service, environment: {}, files: [], source, process });
}

function snapshots(stage: ProcessStage): string[] {
  return readdirSync(join(stage.home, 'projects', stage.project.name, 'sources'));
}

check('the code is the build context, or the project’s folder', async (stage) => {
  const { directory } = stage.project;
  mkdirSync(join(directory, 'app'));
  writeFileSync(join(directory, 'app/Dockerfile'), 'FROM node\nEXPOSE 8080\nCMD ["node","x.js"]');
  const built = await resolve(stage, { build: { context: join(directory, 'app') } });
  assert.deepEqual([built.kind === 'tree' && built.context, built.ports], [join(directory, 'app'), [8080]]);
  const imaged = await resolve(stage, { image: 'gestion:v1' });
  assert.equal(imaged.kind === 'tree' && imaged.context, directory);
  assert.notEqual(built.revision, imaged.revision);
});

check('what nobody can run says what to write', async (stage) => {
  const process = { ...plain, command: undefined };
  const { directory } = stage.project;
  await assert.rejects(resolve(stage, { image: 'nginx:alpine' }, process), { code: 'RUNTIME_IMAGE_UNKNOWN' });
  writeFileSync(join(directory, 'Dockerfile'), 'FROM node\nCMD ["node","server.js","--port","80"]');
  await assert.rejects(resolve(stage, { build: { context: directory } }, process), {
    code: 'RUNTIME_NO_COMMAND',
    hint: /command: \["node","server.js","--port","80"\]/,
  });
  await assert.rejects(resolve(stage, { build: { context: join(directory, 'nowhere') } }), {
    code: 'RUNTIME_CONTEXT_MISSING',
  });
  await assert.rejects(resolve(stage, { build: { context: 'https://example.org/x.git' } }), {
    code: 'RUNTIME_CONTEXT_MISSING',
  });
});

check('the file’s own entrypoint and command will do', async (stage) => {
  const process = { ...plain, command: undefined };
  const service = { build: { context: stage.project.directory }, entrypoint: ['node'], command: ['main.js'] };
  const spec = await specFor(stage, service, process);
  await stage.runtime.prepare(spec, stage.project, () => undefined, never);
  await stage.runtime.start(instanceOf(stage, spec), never);
  assert.match((await said(stage, 'main')).text, /sources\/web-/);
});

check('setup runs once in the copy, and tells what it does', async (stage) => {
  const { directory } = stage.project;
  writeFileSync(join(directory, '.dockerignore'), 'big\n');
  mkdirSync(join(directory, 'big'));
  writeFileSync(join(directory, 'big/data'), 'large');
  mkdirSync(join(directory, 'sub'));
  writeFileSync(join(directory, 'sub/main.js'), 'console.log("sub", require("fs").readFileSync("../made", "utf8"))');
  symlinkSync('main.js', join(directory, 'link.js'));
  const setup = [
    'echo "$TIMONEL_CONTEXT" "$COLOR" && pwd',
    'cp "$TIMONEL_CONTEXT/big/data" made && echo x >> "$TIMONEL_CONTEXT/../ran"',
  ];
  const process = { ...plain, cwd: 'sub', setup, env: { COLOR: 'green' } };
  const spec = await specFor(stage, { build: { context: directory } }, process);
  const lines: string[] = [];
  const prepare = () => stage.runtime.prepare(spec, stage.project, (line) => lines.push(line), never);
  assert.equal(await stage.runtime.isPrepared(spec, stage.project), false);
  await Promise.all([prepare(), prepare()]);
  await prepare();
  assert.equal(await stage.runtime.isPrepared(spec, stage.project), true);
  assert.equal(readFileSync(join(directory, '../ran'), 'utf8'), 'x\n', 'once');
  assert.equal(lines[0], `${directory} green`);
  assert.deepEqual(snapshots(stage), [`web-${spec.source.revision}`]);
  const copy = join(stage.home, 'projects', stage.project.name, 'sources', snapshots(stage)[0] ?? '');
  assert.deepEqual(readdirSync(copy).toSorted(), ['.dockerignore', 'link.js', 'made', 'main.js', 'sub']);
  await stage.runtime.start(instanceOf(stage, spec), never);
  assert.equal((await said(stage, 'sub')).text, 'sub large');
});

check('a setup that fails leaves nothing and says how it ended', async (stage) => {
  const { directory } = stage.project;
  const process = { ...plain, setup: ['touch made', 'echo "cannot find it" >&2; exit 7'] };
  const spec = await specFor(stage, { build: { context: directory } }, process);
  await assert.rejects(
    stage.runtime.prepare(spec, stage.project, () => undefined, never),
    {
      code: 'RUNTIME_SETUP_FAILED',
      message: /exit 7` ended with 7\ncannot find it/,
    },
  );
  assert.deepEqual(snapshots(stage), []);
});

check('an abort ends setup and everything it started', async (stage) => {
  const { directory } = stage.project;
  const process = { ...plain, setup: ['sleep 300 & echo started $!; sleep 300'] };
  const spec = await specFor(stage, { build: { context: directory } }, process);
  const stop = new AbortController();
  let pid = 0;
  const prepared = stage.runtime.prepare(
    spec,
    stage.project,
    (line) => {
      pid = Number(line.split(' ')[1]);
      stop.abort(new Error('not after all'));
    },
    stop.signal,
  );
  await assert.rejects(prepared, /not after all/);
  assert.deepEqual(snapshots(stage), []);
  await until('its child to end', () => !isLiving(pid) || undefined);
});

function isLiving(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

check('a half-made copy of a killed runtime is cleared away', async (stage) => {
  await stage.runtime.ready();
  const folder = join(stage.home, 'projects', stage.project.name, 'sources');
  mkdirSync(join(folder, '.draft-web-0123456789abcdef-99'), { recursive: true });
  writeFileSync(join(folder, '.draft-web-0123456789abcdef-99/main.js'), '');
  await stage.reopen();
  await stage.runtime.ready();
  assert.deepEqual(readdirSync(folder), []);
});

check('modes are kept, and the context itself is never changed', async (stage) => {
  const { directory } = stage.project;
  writeFileSync(join(directory, 'run.sh'), '#!/bin/sh\necho ran > made; echo it ran', { mode: 0o750 });
  const process = { ...plain, command: ['./run.sh'] };
  const spec = await specFor(stage, { build: { context: directory } }, process);
  await stage.runtime.prepare(spec, stage.project, () => undefined, never);
  const copy = join(stage.home, 'projects', stage.project.name, 'sources', snapshots(stage)[0] ?? '', 'run.sh');
  assert.equal(statSync(copy).mode & 0o777, 0o750);
  await stage.runtime.start(instanceOf(stage, spec), never);
  await said(stage, 'it ran');
  assert.deepEqual(readdirSync(directory).toSorted(), ['main.js', 'run.sh']);
});

test('process: too little disk for a copy is said before it is begun', {
  timeout: 60_000,
  skip: process.getuid?.() === 0 ? false : 'needs root',
}, async () => {
  const disk = mkdtempSync(join(tmpdir(), 'timonel-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  try {
    await using stage = await processStage({ home: join(disk, 'home') });
    writeFileSync(join(stage.project.directory, 'main.js'), ' '.repeat(700_000));
    const spec = await specFor(stage, { build: { context: stage.project.directory } });
    await assert.rejects(
      stage.runtime.prepare(spec, stage.project, () => undefined, never),
      { code: 'RUNTIME_NO_ROOM' },
    );
    assert.deepEqual(snapshots(stage), []);
  } finally {
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true });
  }
});
