import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { InstanceSpec } from '#model/instance.ts';
import type { HostAct } from '../support/process-host.ts';
import { type ProcessStage, processStage } from '../support/process-stage.ts';
import { counts, deaf, server } from './programs.ts';
import { ask, instanceOf, linesOf, never, observed, said, stopNow, until } from './stage.ts';

const root = process.getuid?.() === 0;

function check(name: string, act: (stage: ProcessStage) => Promise<void>): void {
  test(`process: ${name}`, { timeout: 90_000, skip: root ? false : 'needs root' }, async () => {
    await using stage = await processStage();
    await act(stage);
  });
}

function fileOf(stage: ProcessStage, id: string, name: string): string {
  return join(stage.home, 'projects', stage.project.name, 'instances', id, name);
}

for (const [what, damage] of [
  ['garbage', (path: string) => writeFileSync(path, '\0\0garbage')],
  ['torn', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40))],
  ['empty', (path: string) => truncateSync(path)],
  ['missing', (path: string) => rmSync(path)],
  ['of another shape', (path: string) => writeFileSync(path, '{"phase":"running","restarts":"many"}')],
] as const) {
  check(`a state that is ${what} does not cost the process that serves`, async (stage) => {
    const instance = instanceOf(stage, await stage.service(server));
    const before = await stage.runtime.start(instance, never);
    const pid = await ask(before, 'pid');
    await stage.runtime.close();
    damage(fileOf(stage, instance.id, 'state.json'));
    await stage.reopen();
    const found = await observed(stage, instance.id);
    assert.deepEqual(
      { state: found?.state, pid: found?.pid, address: found?.address },
      { state: 'running', pid: before.pid, address: before.address },
    );
    assert.equal(await ask(before, 'pid'), pid);
    const outcome = await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    assert.equal(outcome.killed, false);
  });
}

check('an instance whose record is garbage is ended and cleared away', async (stage) => {
  const instance = instanceOf(stage, await stage.service(server));
  const before = await stage.runtime.start(instance, never);
  await ask(before, 'pid');
  await stage.runtime.close();
  writeFileSync(fileOf(stage, instance.id, 'record.json'), '{"spec":');
  await stage.reopen();
  assert.deepEqual(await stage.runtime.observe(), []);
  await until('its end', () => !isRunning(before.pid) || undefined);
  const again = await stage.runtime.start(instance, never);
  assert.match(await ask(again, 'pid'), /^\d+$/);
});

check('a process that only has the recorded number is neither taken over nor killed nor entered', async (stage) => {
  const instance = instanceOf(stage, await stage.service(server));
  const before = await stage.runtime.start(instance, never);
  await ask(before, 'exit/0');
  await until('its end', async () => (await observed(stage, instance.id))?.state === 'exited' || undefined);
  await stage.runtime.close();
  const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  try {
    const path = fileOf(stage, instance.id, 'state.json');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const identity = { pid: stranger.pid, start: '17', boot };
    const state = { phase: 'running', restarts: 0, identity, startedAt: 1, group: { folders: [] } };
    writeFileSync(path, JSON.stringify(state));
    await stage.reopen();
    const found = await until('its end', async () => {
      const now = await observed(stage, instance.id);
      return now?.state === 'exited' ? now : undefined;
    });
    assert.equal(found.exit?.code, undefined);
    await stage.runtime.stop(stage.project.name, instance.id, { signal: 'SIGKILL', graceMs: 0 });
    assert.ok(isRunning(stranger.pid), 'the stranger lives');
    const mounts = readFileSync(`/proc/${stranger.pid}/mountinfo`, 'utf8');
    assert.doesNotMatch(mounts, / \/etc\/hosts /, 'and the mounts it shares with the machine are untouched');
  } finally {
    stranger.kill('SIGKILL');
  }
});

check('after a reboot everything has ended, and starts again', async (stage) => {
  const instance = instanceOf(stage, await stage.service(server));
  const before = await stage.runtime.start(instance, never);
  await ask(before, 'exit/0');
  await until('its end', async () => (await observed(stage, instance.id))?.state === 'exited' || undefined);
  await stage.runtime.close();
  const path = fileOf(stage, instance.id, 'state.json');
  const identity = { pid: process.pid, start: startOf(process.pid), boot: 'the-boot-before' };
  writeFileSync(
    path,
    JSON.stringify({ phase: 'running', restarts: 2, identity, startedAt: 1, group: { folders: [] } }),
  );
  await stage.reopen();
  await until('its end', async () => (await observed(stage, instance.id))?.state === 'exited' || undefined);
  const again = await stage.runtime.start(instance, never);
  assert.deepEqual({ restarts: again.restarts, address: again.address }, { restarts: 2, address: before.address });
  assert.match(await ask(again, 'pid'), /^\d+$/);
});

test('process: a home reached through a link is the same home', { timeout: 60_000 }, async () => {
  const base = mkdtempSync(join(tmpdir(), 'timonel-link-'));
  try {
    mkdirSync(join(base, 'real'));
    symlinkSync('real', join(base, 'link'));
    await using stage = await processStage({ home: join(base, 'link/home') });
    const instance = instanceOf(stage, await stage.service(server));
    const before = await stage.runtime.start(instance, never);
    await stage.runtime.close();
    rmSync(fileOf(stage, instance.id, 'state.json'));
    await stage.reopen();
    assert.equal((await observed(stage, instance.id))?.pid, before.pid);
  } finally {
    rmSync(base, { recursive: true });
  }
});

check('a second runtime over the same home is refused and told who has it', async (stage) => {
  await stage.runtime.ready();
  const { createProcessRuntime } = await import('#adapters/runtimes/process/index.ts');
  const { systemClock } = await import('#adapters/clock.ts');
  const second = createProcessRuntime({ home: stage.home, clock: systemClock });
  await assert.rejects(second.ready(), { code: 'RUNTIME_HOME_IN_USE', message: new RegExp(String(process.pid)) });
});

/** A runtime in a process of its own, to be killed at will. */
async function host(home: string): Promise<{ child: ChildProcess; lines: string[]; send(act: HostAct): void }> {
  const program = fileURLToPath(import.meta.resolve('../support/process-host.ts'));
  const child = spawn(process.execPath, ['--no-warnings', program, home], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await until('the host', () => lines.length > 0 || undefined, 20_000);
  return { child, lines, send: (act) => child.stdin.write(`${JSON.stringify(act)}\n`) };
}

async function killed({ child }: { readonly child: ChildProcess }): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

for (const afterMs of [0, 15, 40, 70, 100, 150, 250]) {
  check(`killed ${afterMs} ms into a start, the next runtime goes on with one process or none`, async (stage) => {
    const instance: InstanceSpec = instanceOf(stage, await stage.service(server));
    await stage.runtime.close();
    const victim = await host(stage.home);
    victim.send({ act: 'start', instance });
    await delay(afterMs);
    await killed(victim);
    await stage.reopen();
    const started = await stage.runtime.start(instance, never);
    await ask(started, 'pid');
    // Whatever waited for its order has noticed that nobody will give it.
    await until('one process', () => processesWith(stage.home).length === 1 || undefined);
    assert.equal((await stage.runtime.observe()).length, 1);
    await stage.runtime.stop(stage.project.name, instance.id, stopNow);
    await until('no process', () => processesWith(stage.home).length === 0 || undefined);
  });
}

check('killed in the middle of a stop, the next runtime finishes it', async (stage) => {
  const instance = instanceOf(stage, await stage.service(deaf));
  await stage.runtime.close();
  const victim = await host(stage.home);
  victim.send({ act: 'start', instance });
  await until('the start', () => victim.lines[1]);
  await until(
    'its handler',
    () => readFileSync(fileOf(stage, instance.id, 'stdout'), 'utf8').includes('ready') || undefined,
  );
  victim.send({ act: 'stop', project: stage.project.name, id: instance.id, graceMs: 30_000 });
  await delay(200);
  await killed(victim);
  await stage.reopen();
  assert.equal((await observed(stage, instance.id))?.state, 'running');
  const outcome = await stage.runtime.stop(stage.project.name, instance.id, { signal: 'SIGTERM', graceMs: 200 });
  assert.equal(outcome.killed, true);
});

check('killed during a one-off run, the run ends before anything else happens', async (stage) => {
  const instance = instanceOf(stage, await stage.service(server), { id: 'web-r1-release' });
  await stage.runtime.close();
  const victim = await host(stage.home);
  victim.send({ act: 'run-once', instance, command: ['node', '-e', deaf] });
  await until('the run', () => processesWith(stage.home).length > 0 || undefined);
  await killed(victim);
  await stage.reopen();
  assert.deepEqual(await stage.runtime.observe(), []);
  assert.deepEqual(processesWith(stage.home), []);
  assert.deepEqual(readdirSync(fileOf(stage, '', '')), []);
});

check('killed while lines come, none is lost or doubled', async (stage) => {
  const instance = instanceOf(stage, await stage.service(counts));
  await stage.runtime.close();
  let victim = await host(stage.home);
  victim.send({ act: 'start', instance });
  for (let round = 0; round < 4; round++) {
    await delay(400);
    await killed(victim);
    if (round < 3) victim = await host(stage.home);
  }
  await stage.reopen();
  await said(stage, 'n 300');
  await stage.runtime.stop(stage.project.name, instance.id, stopNow);
  const numbers = (await linesOf(stage)).map((line) => Number(line.text.split(' ')[1]));
  assert.deepEqual(
    numbers,
    Array.from({ length: numbers.length }, (_, index) => 1 + index),
  );
});

test('process: a full disk is said, leaves nothing running, and costs no stored line', {
  timeout: 90_000,
  skip: root ? false : 'needs root',
}, async () => {
  const disk = mkdtempSync(join(tmpdir(), 'timonel-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
  try {
    await using stage = await processStage({ home: join(disk, 'home') });
    const talker = instanceOf(stage, await stage.service(counts, { name: 'talker' }));
    const quiet = instanceOf(stage, await stage.service(server, { name: 'quiet' }));
    const running = await stage.runtime.start(talker, never);
    await said(stage, 'n 20');
    const free = fill(disk);
    await assert.rejects(stage.runtime.start(quiet, never), { code: 'RUNTIME_DISK_FULL' });
    assert.deepEqual(
      processesWith(stage.home).filter((pid) => pid !== running.pid),
      [],
    );
    await delay(500);
    assert.equal((await observed(stage, talker.id))?.state, 'running');
    free();
    assert.match(await ask(await stage.runtime.start(quiet, never), 'pid'), /^\d+$/);
    const number = async (): Promise<number> =>
      Number((await linesOf(stage, { services: ['talker'], tail: 1 }))[0]?.text.split(' ')[1]);
    const reached = await number();
    await until('further lines', async () => (await number()) > reached + 50 || undefined);
  } finally {
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true });
  }
});

/** Fills the disk to the last byte; returns the way to undo it. */
function fill(disk: string): () => void {
  const path = join(disk, 'filler');
  try {
    writeFileSync(path, Buffer.alloc(64 << 20));
  } catch {
    // That is the point.
  }
  for (let index = 0; index < 4; index++) {
    try {
      writeFileSync(`${path}${index}`, Buffer.alloc(1000));
    } catch {
      // Full.
    }
  }
  return () => {
    for (const name of readdirSync(disk).filter((one) => one.startsWith('filler'))) rmSync(join(disk, name));
  };
}

/** Pids of everything whose output goes to this home. */
function processesWith(home: string): number[] {
  const found = execFileSync('sh', [
    '-c',
    `ls -l /proc/[0-9]*/fd/1 2>/dev/null | grep -F "${home}/" || true`,
  ]).toString();
  const pids = [...found.matchAll(/\/proc\/(\d+)\/fd\/1/g)].map((match) => Number(match[1]));
  return pids.filter(isRunning);
}

function isRunning(pid: number | undefined): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19] ?? '';
}
