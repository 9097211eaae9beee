import type { IncomingMessage, RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { ProbeAnswer, Prober } from '#world/prober.ts';

type HttpQuestion = Parameters<Prober['http']>[0];
type TcpQuestion = Parameters<Prober['tcp']>[0];

// Importing these by name would evaluate every export, `WebSocket` among them, and so load all of undici: 13 MB.
const { request: httpRequest } = process.getBuiltinModule('node:http');
const { request: httpsRequest } = process.getBuiltinModule('node:https');

const usualBytes = 2048;

/**
 * Asks instances over the network. Each question uses its own connection, so that one answer says nothing about the
 * next; certificates are not judged, because an instance behind the edge may well have a self-signed one.
 */
export function createProber(): Prober {
  return { http: askHttp, tcp: askTcp };
}

function askHttp(question: HttpQuestion): Promise<ProbeAnswer> {
  const { address, port, scheme, path, headers, timeoutMs, mostBytes = usualBytes } = question;
  const options: RequestOptions = { host: address, port, path, headers, method: 'GET', agent: false };
  return new Promise((resolve) => {
    const request = scheme === 'https' ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    const answer = (one: ProbeAnswer): void => {
      clearTimeout(deadline);
      resolve(one);
    };
    const deadline = setTimeout(() => {
      answer(failed(timeOut(timeoutMs)));
      request.destroy();
    }, timeoutMs);
    request.on('response', (response) => {
      readBody(response, mostBytes).then(
        (body) => {
          answer({
            kind: 'http',
            status: response.statusCode ?? 0,
            body,
            location: response.headers.location,
          });
          request.destroy();
        },
        (error: unknown) => answer(failed(error)),
      );
    });
    request.on('error', (error) => answer(failed(error)));
    request.end();
  });
}

/** A body that goes on is cut off instead of read. */
async function readBody(response: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most).toString('utf8');
}

function askTcp({ address, port, timeoutMs }: TcpQuestion): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const deadline = setTimeout(() => socket.destroy(timeOut(timeoutMs)), timeoutMs);
    const answer = (one: ProbeAnswer): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(one);
    };
    socket.on('connect', () => answer({ kind: 'tcp' }));
    socket.on('error', (error) => answer(failed(error)));
  });
}

function timeOut(ms: number): Error {
  return new Error(`no answer within ${ms} ms`);
}

const plain: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed before the answer',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  EPIPE: 'connection closed before the answer',
};

function failed(error: unknown): ProbeAnswer {
  if (!(error instanceof Error)) return { kind: 'error', reason: String(error) };
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return { kind: 'error', reason: plain[code] ?? error.message };
}
