import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LogQuery } from '#model/log-query.ts';
import type { AccessLine, RequestEnd } from '#model/metrics.ts';
import { AccessLog, type AccessLogOptions } from './index.ts';

interface Place extends Disposable {
  readonly file: string;
  open(options?: Partial<AccessLogOptions>): AccessLog;
}

function place(): Place {
  const home = mkdtempSync(join(tmpdir(), 'timonel-access-'));
  return {
    file: join(home, 'access/access.log'),
    open: (options) => new AccessLog({ home, ...options }),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

const start = Date.UTC(2026, 10, 22, 10, 0, 0);

function end(more: Partial<RequestEnd> = {}): RequestEnd {
  return {
    ...{ at: start, ms: 20, weight: 1, ending: 'answered', code: '--', status: 200, counted: true },
    ...{ backend: 'shop/web:80', route: 'r', instance: 'web-r7-1', handedOver: false, bytesIn: 10, bytesOut: 100 },
    ...{ client: '10.0.0.1', method: 'GET', host: 'a.x', path: '/login', requestId: 'id-1', ...more },
  };
}

async function all(log: AccessLog, query: Partial<LogQuery> = {}): Promise<AccessLine[]> {
  return Array.fromAsync(log.read({ project: 'shop', ...query }, new AbortController().signal));
}

test('a line says who asked what of whom, and what came of it; its file is for its owner', () => {
  using at = place();
  const log = at.open();
  log.take(end({ weight: 16 }));
  log.flush();
  assert.deepEqual(JSON.parse(readFileSync(at.file, 'utf8')), {
    ...{ time: '2026-11-22T10:00:00.000Z', project: 'shop', service: 'web', route: 'r', instance: 'web-r7-1' },
    ...{ release: 7, client: '10.0.0.1', method: 'GET', host: 'a.x', path: '/login', status: 200, ms: 20 },
    ...{ bytesIn: 10, bytesOut: 100, ended: 'answered', code: '--', requestId: 'id-1', standsFor: 16 },
  });
  assert.equal(statSync(at.file).mode & 0o777, 0o600);
});

test('readers choose by project, service, instance, release, time and number', async () => {
  using at = place();
  const log = at.open();
  log.take(end({ path: '/1' }));
  log.take(end({ path: '/2', backend: 'other/web:80' }));
  log.take(end({ path: '/3', backend: 'shop/db:80', instance: 'db-r8-1', at: start + 5000 }));
  log.take(end({ path: '/4', backend: undefined, instance: undefined }));
  const paths = async (query: Partial<LogQuery>) => (await all(log, query)).map((one) => one.path);
  assert.deepEqual(await paths({}), ['/1', '/3']);
  assert.deepEqual(await paths({ project: 'other' }), ['/2']);
  assert.deepEqual(await paths({ services: ['db'] }), ['/3']);
  assert.deepEqual(await paths({ instance: 'web-r7-1' }), ['/1']);
  assert.deepEqual(await paths({ release: 8 }), ['/3']);
  assert.deepEqual(await paths({ since: start + 1 }), ['/3']);
  assert.deepEqual(await paths({ tail: 1 }), ['/3']);
  assert.deepEqual(await paths({ tail: 0 }), []);
});

test('files are replaced when they are full, and the oldest goes', async () => {
  using at = place();
  const log = at.open({ fileBytes: 2000, files: 3 });
  for (let n = 0; n < 100; n++) {
    log.take(end({ path: `/${n}`, at: start + n }));
    log.flush();
  }
  assert.deepEqual(readdirSync(join(at.file, '..')).sort(), ['access.log', 'access.log.1', 'access.log.2']);
  const lines = await all(log);
  assert.ok(lines.length >= 10 && lines.length < 30, `${lines.length} lines`);
  assert.equal(lines.at(-1)?.path, '/99');
  const numbers = lines.map((one) => Number(one.path.slice(1)));
  assert.deepEqual(
    numbers,
    Array.from({ length: lines.length }, (_, n) => 100 - lines.length + n),
    'in order, no gap',
  );
  assert.deepEqual((await all(log, { tail: 15 })).length, Math.min(15, lines.length));
});

test('a flood is cut, and it is said how much', () => {
  using at = place();
  const log = at.open({ linesPerSecond: 10 });
  for (let n = 0; n < 25; n++) log.take(end());
  log.take(end({ at: start + 1000, path: '/later' }));
  log.flush();
  const lines = readFileSync(at.file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as { leftOut?: number });
  assert.equal(lines.length, 12);
  assert.equal(lines[10]?.leftOut, 15);
});

test('what an earlier daemon wrote is not written again, and half a line of its death hurts nobody', async () => {
  using at = place();
  const first = at.open();
  first.take(end({ path: '/before' }));
  first.flush();
  appendFileSync(at.file, '{"time":"2026-');
  const second = at.open();
  second.take(end({ path: '/before' }));
  second.take(end({ path: '/after', at: start + 1 }));
  assert.deepEqual(
    (await all(second)).map((one) => one.path),
    ['/before', '/after'],
  );
});

test('a follower sees the past and what comes, until it goes away', async () => {
  using at = place();
  const log = at.open();
  log.take(end({ path: '/past' }));
  const gone = new AbortController();
  const seen: string[] = [];
  for await (const { path } of log.read({ project: 'shop', follow: true }, gone.signal)) {
    seen.push(path);
    if (path === '/past') log.take(end({ path: '/now', at: start + 1 }));
    if (path === '/now') gone.abort();
  }
  assert.deepEqual(seen, ['/past', '/now']);
});
