import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Server } from '#model/route.ts';

/** A running copy of a service inside the test's own process. It dies like one that is killed: all connections at once. */
export interface TestInstance {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** As the route table names it. */
  server(state?: Server['state'], weight?: number): Server;
  /** Requests that arrived so far. */
  readonly requests: () => number;
  /** Headers of the last request. */
  readonly lastHeaders: () => Readonly<Record<string, unknown>>;
  kill(): Promise<void>;
}

type Answer = (request: IncomingMessage, answer: ServerResponse, id: string) => void | Promise<void>;

/**
 * An HTTP instance: `/slow/MS` answers after so long, `/status/N` with that status, `/events` streams server-sent
 * events, POST answers with the MD5 of what came, a websocket on any path echoes.
 */
export async function startInstance(id: string, address: string, port: number, answer?: Answer): Promise<TestInstance> {
  let requests = 0;
  let lastHeaders: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    requests += 1;
    lastHeaders = request.headers;
    response.setHeader('x-instance', id);
    // A request that its client breaks off is no failure of the test.
    Promise.resolve((answer ?? usualAnswer)(request, response, id)).catch(() => response.destroy());
  });
  const websockets = new WebSocketServer({ server });
  websockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`${id}:${data}`));
    socket.on('error', () => {});
  });
  await listen(server, address, port);
  return {
    ...{ id, address, port },
    server: serverOf(id, address, port),
    requests: () => requests,
    lastHeaders: () => lastHeaders,
    kill: () => {
      for (const client of websockets.clients) client.terminate();
      server.closeAllConnections();
      return close(server);
    },
  };
}

/** A TCP instance: greets with its id and echoes lines with the id before them. */
export async function startTcpInstance(id: string, address: string, port: number): Promise<TestInstance> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (data) => socket.write(`${id}:${data}`));
  });
  await listen(server, address, port);
  return {
    ...{ id, address, port },
    server: serverOf(id, address, port),
    requests: () => connections,
    lastHeaders: () => ({}),
    kill: () => {
      for (const socket of sockets) socket.destroy();
      return close(server);
    },
  };
}

function serverOf(id: string, address: string, port: number): TestInstance['server'] {
  return (state = 'ready', weight = 100) => ({ id, address, port, weight, state });
}

const usualAnswer: Answer = async (request, answer, id) => {
  const path = request.url ?? '/';
  const slow = /^\/slow\/(\d+)/.exec(path);
  if (slow) await new Promise((resolve) => setTimeout(resolve, Number(slow[1])));
  const status = /^\/status\/(\d+)/.exec(path);
  if (status) answer.statusCode = Number(status[1]);
  if (path.startsWith('/events')) return events(answer, id);
  if (request.method !== 'POST') return void answer.end(`${id}\n`);
  const hash = createHash('md5');
  for await (const chunk of request) hash.update(chunk as Buffer);
  answer.end(hash.digest('hex'));
};

function events(answer: ServerResponse, id: string): void {
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  answer.write(`data: ${id}\n\n`);
  const timer = setInterval(() => answer.write(`data: ${id}\n\n`), 100);
  answer.on('close', () => clearInterval(timer));
}

function listen(server: TcpServer, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}

function close(server: TcpServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
