import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempDisposableSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { EventTail } from './event-tail.ts';

const info = 'Name: HAProxy\nPid: 7\n';

/** A worker's socket and who reads it, with what was heard so far. */
async function listening() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'timonel-tail-'));
  const statsSocket = join(folder.path, 'stats.sock');
  const server = createServer().listen(statsSocket);
  await once(server, 'listening');
  const heard: string[] = [];
  const events = new EventEmitter();
  let isOver = false;
  const onLine = (line: string) => {
    heard.push(line);
    events.emit('line');
  };
  const onEnd = () => {
    isOver = true;
  };
  const tail = new EventTail({ statsSocket, onLine, onEnd });
  const [worker] = (await once(server, 'connection')) as [Socket];
  return {
    ...{ tail, heard, worker },
    isOver: () => isOver,
    onLine: (take: () => void) => events.on('line', take),
    [Symbol.dispose]() {
      tail.close();
      server.close();
      folder.remove();
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !isSo(); await wait(1)) if (Date.now() > end) assert.fail('it never came');
}

test('a line that follows another closely waits a little, to be read together with more of them', async () => {
  using at = await listening();
  const times: number[] = [];
  at.onLine(() => {
    if (times.push(performance.now()) === 1) at.worker.write('two\n');
  });
  at.worker.write(`${info}one\n`);
  await until(() => times.length === 2);
  assert.deepEqual([at.tail.pid, ...at.heard], [7, 'one', 'two']);
  assert.ok(Number(times[1]) - Number(times[0]) > 15);
});

test('whoever tells much is heard whole and in order', async () => {
  using at = await listening();
  const lines = Array.from({ length: 40_000 }, (_, number) => `${number} ${'x'.repeat(100)}`);
  at.worker.write(`${info}${lines.join('\n')}\n`);
  await until(() => at.heard.length === lines.length);
  assert.deepEqual(at.heard, lines);
});

test('the last words of a worker are heard, and then its end', async () => {
  using at = await listening();
  at.worker.write(`${info}one\n`);
  await until(() => at.heard.length === 1);
  at.worker.end('two\n');
  await until(at.isOver);
  assert.deepEqual(at.heard, ['one', 'two']);
});
