import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readHierarchies } from '#adapters/runtimes/process/cgroups/hierarchies.ts';
import type { Service } from '#model/project.ts';
import { type ProcessStage, processStage } from '../support/process-stage.ts';
import { instanceOf, listening, never, said, stopNow, until } from './stage.ts';

const { legacy, unified } = readHierarchies();
const has = (controller: string): boolean => legacy.has(controller) || unified?.controllers.has(controller) === true;

function check(name: string, controller: string, act: (stage: ProcessStage) => Promise<void>): void {
  const possible = process.getuid?.() === 0 && has(controller);
  test(`process: ${name}`, {
    timeout: 60_000,
    skip: possible ? false : `no ${controller} control group here`,
  }, async () => {
    await using stage = await processStage();
    await act(stage);
  });
}

function limited(limits: NonNullable<NonNullable<Service['deploy']>['resources']>['limits']): Partial<Service> {
  return { deploy: { resources: { limits: limits ?? {} } } };
}

check('what takes more memory than its limit is killed, and that is said', 'memory', async (stage) => {
  using heard = listening(stage.runtime);
  const eater = `const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 5);`;
  const spec = await stage.service(eater, { attributes: limited({ memory: String(96 << 20) }) });
  await stage.runtime.start(instanceOf(stage, spec), never);
  const event = await until('the end', () => heard.events[0], 30_000);
  assert.equal(event.exit?.signal, 'SIGKILL');
  assert.equal(event.exit?.outOfMemory, true);
  const again = await stage.runtime.restart(stage.project.name, event.instance, never);
  assert.equal(again.state, 'running', 'and it may be tried again');
});

check('a small limit does not fail the start itself', 'memory', async (stage) => {
  const spec = await stage.service('', { attributes: limited({ memory: String(6 << 20) }) });
  const small = { ...spec, process: { ...spec.process, command: ['sleep', '60'] } };
  const running = await stage.runtime.start(instanceOf(stage, small), never);
  await until('sleep', () => readFileSync(`/proc/${running.pid}/comm`, 'utf8') === 'sleep\n' || undefined);
});

check('a fork bomb meets its limit, and a stop ends all of it', 'pids', async (stage) => {
  const bomb = `
const { spawn } = require('node:child_process');
let alive = 0, refused = 0;
for (let i = 0; i < 60; i++) {
  const child = spawn('sh', ['-c', 'setsid sleep 300 & sleep 300'], { stdio: 'ignore', detached: i % 2 === 0 });
  child.on('error', () => { refused++; });
  child.on('spawn', () => { alive++; });
}
setTimeout(() => console.log('alive ' + alive + ' refused ' + refused), 1000);
setInterval(() => {}, 1000);`;
  const environment = { MARK: stage.home };
  const spec = await stage.service(bomb, { attributes: limited({ pids: 40 }), environment });
  const running = await stage.runtime.start(instanceOf(stage, spec), never);
  const line = await said(stage, 'refused');
  assert.match(line.text, /refused [1-9]/);
  assert.ok(pidsOf(stage.home).length <= 40);
  await stage.runtime.stop(stage.project.name, running.id, { ...stopNow, graceMs: 300 });
  assert.deepEqual(pidsOf(stage.home), []);
});

check('CPU is held to its share', 'cpu', async (stage) => {
  const spec = await stage.service('for (;;);', { attributes: limited({ cpus: 0.2 }) });
  const running = await stage.runtime.start(instanceOf(stage, spec), never);
  await until('the program', () => readFileSync(`/proc/${running.pid}/comm`, 'latin1').startsWith('node') || undefined);
  const [ticks, since] = [ticksOf(running.pid), Date.now()];
  await until('two seconds', () => Date.now() - since > 2000 || undefined);
  const share = ((ticksOf(running.pid) - ticks) * 10) / (Date.now() - since);
  assert.ok(share < 0.3, `used ${share.toFixed(2)} of a core`);
});

/** User and system time in hundredths of a second. */
function ticksOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

/** Living processes with this mark in their environment. */
function pidsOf(mark: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}/environ`)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`MARK=${mark}\0`);
    } catch {
      return false;
    }
  });
}
