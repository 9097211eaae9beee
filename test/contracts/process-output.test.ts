import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessStage, processStage } from '../support/process-stage.ts';
import { talks } from './programs.ts';
import { instanceOf, linesOf, never, said, stopNow, until } from './stage.ts';

function check(name: string, act: (stage: ProcessStage) => Promise<void>): void {
  test(`process: ${name}`, { timeout: 120_000 }, async () => {
    await using stage = await processStage();
    await act(stage);
  });
}

const spool = (stage: ProcessStage, id: string, name = 'stdout'): string =>
  join(stage.home, 'projects', stage.project.name, 'instances', id, name);

check('whatever comes out, the disk it takes is bounded, and the newest lines are there', async (stage) => {
  const flood = `
const line = 'x'.repeat(500);
let sent = 0;
const write = () => {
  while (sent < 60000) if (!process.stdout.write(++sent + ' ' + line + '\\n')) return process.stdout.once('drain', write);
  console.log('done');
};
write();
setInterval(() => {}, 1000);`;
  const logging = { driver: 'json-file', options: { 'max-size': '1m', 'max-file': '2' } };
  const instance = instanceOf(stage, await stage.service(flood, { attributes: { logging } }));
  await stage.runtime.start(instance, never);
  await said(stage, 'done', { tail: 1 });
  const stored = readdirSync(join(stage.home, 'logs', stage.project.name, 'web')).filter((name) =>
    name.endsWith('.jsonl'),
  );
  assert.equal(stored.length, 2);
  const tail = await linesOf(stage, { tail: 101 });
  const numbers = tail.slice(0, -1).map((line) => Number(line.text.split(' ')[0]));
  assert.deepEqual(
    numbers,
    Array.from({ length: 100 }, (_, index) => 59_901 + index),
  );
  const { size } = statSync(spool(stage, instance.id));
  assert.ok(size > 30_000_000, 'the whole output went through');
  await until('the disk to be freed', () => statSync(spool(stage, instance.id)).blocks * 512 < 4_000_000 || undefined);
});

check('no line is lost on the way through rotation', async (stage) => {
  const logging = { driver: 'json-file', options: { 'max-size': '64k', 'max-file': '100' } };
  const instance = instanceOf(stage, await stage.service(talks(4000), { attributes: { logging } }));
  await stage.runtime.start(instance, never);
  await said(stage, 'line 4000');
  await said(stage, 'line 3999');
  const numbers = (await linesOf(stage)).map((line) => Number(line.text.split(' ')[1]));
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 4000 }, (_, index) => index + 1),
  );
});

check('long lines, half characters and bytes that are no text', async (stage) => {
  const program = `
const { writeSync } = require('node:fs');
writeSync(1, 'x'.repeat(100000) + '\\n');
writeSync(1, Buffer.from([0x61, 0xff, 0x0a]));
writeSync(1, Buffer.from('é').subarray(0, 1));
setTimeout(() => { writeSync(1, Buffer.from('é\\n').subarray(1)); writeSync(1, 'no newline'); }, 200);`;
  const instance = instanceOf(stage, await stage.service(program));
  await stage.runtime.start(instance, never);
  await said(stage, 'no newline');
  const texts = (await linesOf(stage)).map((line) => line.text);
  const long = texts.filter((text) => text.startsWith('x'));
  assert.equal(long.join('').length, 100_000);
  assert.deepEqual(texts.slice(long.length), ['a\uFFFD', 'é', 'no newline']);
});

check('logging driver none keeps nothing', async (stage) => {
  const spec = await stage.service(talks(10), { attributes: { logging: { driver: 'none' } } });
  const instance = instanceOf(stage, spec);
  await stage.runtime.start(instance, never);
  await delay(300);
  await stage.runtime.stop(stage.project.name, instance.id, stopNow);
  assert.deepEqual(await linesOf(stage), []);
});

check('a secret in the environment is in no process list and no file others can read', async (stage) => {
  const secret = 'canary-7c1e-9b';
  const spec = await stage.service(talks(1), { environment: { TOKEN: secret } });
  let seen = '';
  const watching = setInterval(() => {
    seen += spawnSync('ps', ['-eo', 'args']).stdout.toString();
  }, 5);
  const instance = instanceOf(stage, spec);
  await stage.runtime.start(instance, never);
  await stage.runtime.exec(stage.project.name, instance.id, ['true'], 5000);
  await stage.runtime.runOnce({ ...instance, id: 'web-r1-release' }, ['true'], 10_000, never);
  clearInterval(watching);
  assert.ok(seen.includes('main.js'), 'the process list was looked at');
  assert.ok(!seen.includes(secret));
  const holding = execFileSync('sh', ['-c', `grep -rl "${secret}" "${stage.home}" || true`])
    .toString()
    .split('\n')
    .filter(Boolean);
  assert.ok(holding.length > 0, 'the record has it');
  for (const path of holding) assert.equal(statSync(path).mode & 0o077, 0, path);
});

test('process: forty idle instances cost nothing', { timeout: 120_000 }, async () => {
  await using stage = await processStage();
  const spec = await stage.service('');
  const quiet = { ...spec, process: { ...spec.process, command: ['sleep', '300'] } };
  for (let number = 1; number <= 40; number += 4) {
    const four = [0, 1, 2, 3].map((more) => instanceOf(stage, quiet, { number: number + more }));
    await Promise.all(four.map((instance) => stage.runtime.start(instance, never)));
  }
  const cpu = async (ms: number): Promise<number> => {
    const before = process.cpuUsage();
    await delay(ms);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / ms;
  };
  await delay(500);
  const own = await cpu(3000);
  await stage.reopen();
  await stage.runtime.observe();
  await delay(500);
  const adopted = await cpu(3000);
  console.log(
    `# idle CPU with 40 instances: ${(own * 100).toFixed(2)} % of a core, adopted ${(adopted * 100).toFixed(2)} %`,
  );
  assert.ok(own < 0.01, `own instances: ${own}`);
  assert.ok(adopted < 0.02, `adopted instances: ${adopted}`);
});
