import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { StoredLine } from './line.ts';
import { readBackward, readForward } from './read.ts';
import { generationsIn, logFile, ServiceLog } from './service-log.ts';

const base = mkdtempSync(join(tmpdir(), 'timonel-log-'));
after(() => rmSync(base, { recursive: true }));

const fresh = (): string => mkdtempSync(join(base, 'log-'));
const small = { kept: true, maxBytes: 1000, maxFiles: 3 };
const large = { kept: true, maxBytes: 1_000_000, maxFiles: 3 };

function line(number: number, over: Partial<StoredLine> = {}): StoredLine {
  return { t: 1000 + number, i: 'web-r1-1', r: 1, s: 'o', o: number * 10, m: `line ${number}`, ...over };
}

const start = { generation: 0, position: 0 };
const forward = (folder: string) => [...readForward(folder, start)].map((one) => one.line?.m);
const backward = (folder: string) => [...readBackward(folder)].map((one) => one.line?.m);

test('lines are read as they were written, from both ends', () => {
  const folder = fresh();
  const log = new ServiceLog(folder, large);
  const texts = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'é'.repeat(index % 300)}`);
  for (let at = 0; at < texts.length; at += 100) {
    log.append(texts.slice(at, at + 100).map((m, index) => line(at + index, { m })));
  }
  assert.deepEqual(forward(folder), texts.slice(-forward(folder).length));
  assert.deepEqual(backward(folder), forward(folder).toReversed());
  log.close();
});

test('old files go when new ones come', () => {
  const folder = fresh();
  const log = new ServiceLog(folder, small);
  for (let number = 1; number <= 200; number++) log.append([line(number)]);
  log.close();
  const files = generationsIn(folder);
  assert.equal(files.length, 3);
  for (const generation of files) assert.ok(statSync(logFile(folder, generation)).size <= small.maxBytes);
  assert.equal(forward(folder).at(-1), 'line 200');
});

test('a crash without a checkpoint loses no place', () => {
  const folder = fresh();
  const log = new ServiceLog(folder, large);
  log.append([line(1), line(2, { s: 'e' })]);
  log.checkpoint();
  log.append([line(3), line(4, { i: 'web-r1-2' })]);
  // No close: as after kill -9.
  const next = new ServiceLog(folder, large);
  assert.equal(next.offset('web-r1-1', 'o'), 30);
  assert.equal(next.offset('web-r1-1', 'e'), 20);
  assert.equal(next.offset('web-r1-2', 'o'), 40);
  assert.equal(next.offset('web-r9-9', 'o'), 0);
  next.close();
});

for (const [what, damage] of [
  ['missing', (path: string) => rmSync(path)],
  ['empty', (path: string) => truncateSync(path)],
  ['torn', (path: string) => writeFileSync(path, '{"generation":1,"posi')],
  ['of another log', (path: string) => writeFileSync(path, '{"generation":99,"position":5,"offsets":{"x":{"o":7}}}')],
] as const) {
  test(`a checkpoint that is ${what} is made up for by the lines`, () => {
    const folder = fresh();
    const log = new ServiceLog(folder, small);
    for (let number = 1; number <= 30; number++) log.append([line(number)]);
    log.checkpoint();
    damage(join(folder, 'checkpoint.json'));
    const next = new ServiceLog(folder, small);
    assert.equal(next.offset('web-r1-1', 'o'), 300);
    next.append([line(31)]);
    assert.equal(forward(folder).at(-1), 'line 31');
    next.close();
  });
}

test('a torn last line is cut off, and its output stored again', () => {
  const folder = fresh();
  const log = new ServiceLog(folder, large);
  log.append([line(1)]);
  log.checkpoint();
  appendFileSync(logFile(folder, 1), '{"t":1002,"i":"web-r1-1","r":1,"s":"o","o":20,"m":"li');
  const next = new ServiceLog(folder, large);
  assert.equal(next.offset('web-r1-1', 'o'), 10);
  next.append([line(2)]);
  assert.deepEqual(forward(folder), ['line 1', 'line 2']);
  next.close();
});

test('an instance whose output begins anew has no place', () => {
  const folder = fresh();
  const log = new ServiceLog(folder, large);
  log.append([line(5)]);
  log.forget('web-r1-1');
  const next = new ServiceLog(folder, large);
  assert.equal(next.offset('web-r1-1', 'o'), 0);
  next.close();
});

test('a reader goes on where it was, over rotations', () => {
  const folder = fresh();
  const log = new ServiceLog(folder, { ...small, maxFiles: 100 });
  const seen: (string | undefined)[] = [];
  let cursor = start;
  for (let number = 1; number <= 100; number++) {
    log.append([line(number)]);
    if (number % 7 !== 0) continue;
    for (const { line: one, next } of readForward(folder, cursor)) {
      seen.push(one?.m);
      cursor = next;
    }
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 98 }, (_, index) => `line ${index + 1}`),
  );
  assert.ok(readdirSync(folder).length > 5);
  log.close();
});
