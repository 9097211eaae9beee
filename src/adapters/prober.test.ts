import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { after, test } from 'node:test';
import { generate } from 'selfsigned';
import { createProber } from './prober.ts';

const prober = createProber();
const open: Server[] = [];
after(() => {
  for (const server of open) {
    server.close();
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
  }
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

async function ask(listener: RequestListener, timeoutMs = 2000) {
  const port = await listening(createServer(listener));
  const headers = { host: 'shop.example', 'x-forwarded-proto': 'https' };
  return prober.http({ address: '127.0.0.1', port, scheme: 'http', path: '/up?x=1', headers, timeoutMs });
}

test('an answer carries status, body and the place of a redirect, unfollowed', async () => {
  const answer = await ask((request, response) => {
    const seen = `${request.headers.host} ${request.headers['x-forwarded-proto']} ${request.url}`;
    response.writeHead(301, { location: 'https://shop.example/up' }).end(seen);
  });
  assert.deepEqual(answer, {
    kind: 'http',
    status: 301,
    body: 'shop.example https /up?x=1',
    location: 'https://shop.example/up',
  });
});

test('an endless body is cut at 2 KiB', async () => {
  const answer = await ask((_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(1500)), 5);
    response.on('close', () => clearInterval(timer));
  });
  assert.equal(answer.kind === 'http' && answer.body.length, 2048);
});

test('silence ends at the deadline and says so', async () => {
  const answer = await ask(() => undefined, 80);
  assert.deepEqual(answer, { kind: 'error', reason: 'no answer within 80 ms' });
});

test('a body that never ends is bounded by the same deadline', async () => {
  const answer = await ask((_request, response) => void response.write('x'), 80);
  assert.deepEqual(answer, { kind: 'error', reason: 'no answer within 80 ms' });
});

test('a self-signed certificate is accepted', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'shop.example' }]);
  const port = await listening(createHttpsServer({ key, cert }, (_request, response) => response.end('safe')));
  const question = { address: '127.0.0.1', port, path: '/', headers: {}, timeoutMs: 2000 };
  const answer = await prober.http({ ...question, scheme: 'https' });
  assert.equal(answer.kind === 'http' && answer.body, 'safe');
});

test('a closed port is refused, a listening one connects', async () => {
  const server = createTcpServer((socket) => socket.end());
  const port = await listening(server);
  assert.deepEqual(await prober.tcp({ address: '127.0.0.1', port, timeoutMs: 1000 }), { kind: 'tcp' });
  server.close();
  await once(server, 'close');
  const refused = { kind: 'error', reason: 'connection refused' };
  assert.deepEqual(await prober.tcp({ address: '127.0.0.1', port, timeoutMs: 1000 }), refused);
  const question = { address: '127.0.0.1', port, path: '/', headers: {}, timeoutMs: 1000 };
  assert.deepEqual(await prober.http({ ...question, scheme: 'http' }), refused);
});

test('a server that hangs up without an answer is named as such', async () => {
  const port = await listening(createTcpServer((socket) => socket.destroy()));
  const question = { address: '127.0.0.1', port, path: '/', headers: {}, timeoutMs: 1000 };
  const answer = await prober.http({ ...question, scheme: 'http' });
  assert.equal(answer.kind, 'error');
});
