import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Language } from '#core/messages/message.ts';
import { wholeLines } from '#core/whole-lines.ts';
import type { ErrorBody } from '#daemon/contract.ts';

// Importing it by name would evaluate every export, `WebSocket` among them, and so load all of undici.
const { request: httpRequest } = process.getBuiltinModule('node:http');

/** The daemon refused: what it said, in the reader's language, and the HTTP status. */
export class DaemonRefusal extends Error {
  override readonly name = 'DaemonRefusal';
  readonly status: number;
  readonly body: ErrorBody;
  /** The folder that file names in the findings start from, where the request named one. */
  readonly base: string | undefined;

  constructor(status: number, body: ErrorBody, base: string | undefined) {
    super(body.error.message);
    this.status = status;
    this.body = body;
    this.base = base;
  }
}

/** The connection ended before the answer did: the daemon died or was stopped. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The folder of the Compose file that the call is about. */
  readonly base?: string;
  /** What is said after the body, while the answer comes. */
  readonly more?: AsyncIterable<unknown>;
}

/** Speaks HTTP to a daemon over its socket. */
export interface HttpClient {
  /** One JSON document. Throws DaemonRefusal, ConnectionLost, or the system's error when nobody listens. */
  call<T>(call: Call): Promise<T>;
  /** JSON documents, one a line, as they come. */
  stream<T>(call: Call): AsyncGenerator<T>;
}

export function createHttpClient(socketPath: string, language: Language): HttpClient {
  const open = (call: Call): Promise<IncomingMessage> => send(socketPath, language, call);
  return {
    async call<T>(call: Call): Promise<T> {
      return JSON.parse(await readAll(await open(call))) as T;
    },
    async *stream<T>(call: Call): AsyncGenerator<T> {
      for await (const line of answerLines(await open(call))) yield JSON.parse(line) as T;
    },
  };
}

/** Lines as they come. The rest of a line that was cut off with the connection is no line. */
async function* answerLines(answer: IncomingMessage): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  try {
    yield* wholeLines(answer);
  } catch (error) {
    throw new ConnectionLost('stream', { cause: error });
  }
}

async function send(socketPath: string, language: Language, call: Call): Promise<IncomingMessage> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const request = httpRequest({
    socketPath,
    method: call.method,
    path: call.path,
    agent: false,
    headers: { 'accept-language': language, ...contentHeaders(call, body) },
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  if (call.more === undefined) request.end(body);
  else void talk(request, body ?? '', call.more);
  const answer = await answerOf(request);
  const status = answer.statusCode ?? 0;
  if (status < 300) return answer;
  throw new DaemonRefusal(status, JSON.parse(await readAll(answer)) as ErrorBody, call.base);
}

function contentHeaders(call: Call, body: string | undefined): Readonly<Record<string, string | number>> {
  if (call.more !== undefined) return { 'content-type': 'application/x-ndjson' };
  return body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
}

/** Never ahead of the daemon. Ends with the connection. */
async function talk(request: ClientRequest, first: string, more: AsyncIterable<unknown>): Promise<void> {
  request.write(`${first}\n`);
  for await (const line of more) {
    if (request.destroyed) return;
    if (!request.write(`${JSON.stringify(line)}\n`)) await drained(request);
  }
  request.end();
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      request.off('drain', go).off('close', go);
      resolve();
    };
    request.on('drain', go).on('close', go);
  });
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ECONNRESET' ? new ConnectionLost('request', { cause: error }) : error);
    });
  });
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new ConnectionLost('answer', { cause: error });
  }
  return Buffer.concat(chunks).toString('utf8');
}
