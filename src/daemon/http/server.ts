import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type {
  Server as HttpServer,
  ServerOptions as HttpServerOptions,
  IncomingMessage,
  ServerResponse,
} from 'node:http';
import type { ListenOptions } from 'node:net';
import { fail } from '#core/errors.ts';
import { requireSocketPath } from '../home.ts';
import type { Log } from '../log.ts';
import { failureOf } from './failure.ts';
import { findRoute } from './find-route.ts';
import { languageOf } from './language.ts';
import { sendLines } from './lines.ts';
import { readBody } from './read-body.ts';
import type { Answer, Route } from './route.ts';

// Importing it by name would evaluate every export, `WebSocket` among them, and so load all of undici: 13 MB.
const { createServer } = process.getBuiltinModule('node:http');

/** The daemon's HTTP server; `close` ends every stream that clients still read. */
export interface Server {
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly log: Log;
  /** For error messages: where the details are. */
  readonly logFile: string;
}

/** Serves `routes` on a unix socket that only its owner may open. The caller holds the home's lock. */
export async function serve({ socket, ...options }: ServerOptions & { readonly socket: string }): Promise<Server> {
  requireSocketPath({ socket });
  // Without the usual limit for a whole request: somebody may sit at a command for hours.
  const server = serverOf(options, { requestTimeout: 0 });
  rmSync(socket, { force: true });
  const umask = process.umask(0o177);
  try {
    server.listen(socket);
  } finally {
    process.umask(umask);
  }
  await once(server, 'listening');
  return closing(server);
}

/** Serves `routes` at an address of this machine. Rejects when that is not to be had. */
export async function serveAt({ at, ...options }: ServerOptions & { readonly at: ListenOptions }): Promise<Server> {
  const server = serverOf(options).listen(at);
  await once(server, 'listening');
  return closing(server);
}

function serverOf({ routes, log, logFile }: ServerOptions, limits: HttpServerOptions = {}): HttpServer {
  return createServer(limits, (request, response) => {
    respond(routes, request, response).catch((error: unknown) => {
      const failure = failureOf(error, languageOf(request.headers['accept-language']), logFile);
      if (failure.isBug) log.error(`${request.method} ${request.url}`, error);
      if (response.headersSent) response.destroy();
      else sendDocument(response, failure.status, failure.body);
    });
  });
}

function closing(server: HttpServer): Server {
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://daemon');
  const found = findRoute(routes, request.method ?? '', url.pathname);
  if (found === undefined) throw fail('DAEMON_UNKNOWN_ROUTE', { request: `${request.method} ${url.pathname}` });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await found.route.handle({
    params: found.params,
    query: url.searchParams,
    ...(await readBody(request)),
    language: languageOf(request.headers['accept-language']),
    gone: gone.signal,
  });
  await send(response, answer);
}

function send(response: ServerResponse, answer: Answer): Promise<void> | void {
  if (answer.kind === 'lines') return sendLines(response, answer.items);
  if (answer.kind === 'text') return sendText(response, 200, answer.text, answer.type);
  sendDocument(response, answer.status ?? 200, answer.body);
}

function sendDocument(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON.stringify(body), 'application/json');
}

function sendText(response: ServerResponse, status: number, text: string, type: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
