import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import { systemClock } from '../../../clock.ts';
import { Engine } from './client.ts';
import { defaultDeadlines } from './deadlines.ts';
import { refusalText } from './refusal.ts';

test('what an engine says that refuses an upload before it is sent is what counts', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'timonel-client-'));
  const socketPath = join(dir, 'docker.sock');
  let taken = 0;
  // As Go's server: nothing of the body is read until the handler asks for it, and this one never does.
  const server = createServer(
    (_request, response) => void response.writeHead(200, { 'api-version': '1.41' }).end('OK'),
  );
  const refuse: Parameters<typeof server.on>[1] = (request, response) => {
    request.on('data', (bytes: Buffer) => {
      taken += bytes.length;
    });
    request.pause();
    response.writeHead(400, { connection: 'close' }).end('{"message":"no such platform"}');
    response.once('finish', () => request.socket.destroy());
  };
  server.on('checkContinue', refuse);
  await new Promise<void>((resolve) => {
    server.listen(socketPath, resolve);
  });
  const engine = new Engine({ socketPath, clock: systemClock, deadlines: defaultDeadlines });
  try {
    const large = Readable.from(
      (function* () {
        for (let count = 0; count < 200; count += 1) yield Buffer.alloc(1024 * 1024);
      })(),
    );
    const build = engine.stream({ what: 'build', method: 'POST', path: '/build', upload: large });
    await assert.rejects(
      build,
      (error) => hasCode(error, 'DOCKER_REFUSED') && refusalText(error) === 'no such platform',
    );
    assert.equal(taken, 0);
    // And what was to be sent is let go of.
    if (!large.destroyed) await once(large, 'close');
  } finally {
    engine.close();
    server.close();
    rmSync(dir, { recursive: true });
  }
});
