import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from './fault.ts';
import { collectPaths, type KnownPaths } from './known-paths.ts';
import { pathOf } from './request-log.ts';

/** Shapes the body of an error answer; a system with another published format passes its own. */
export type ErrorBody = (fault: Fault) => unknown;

/** The default format: `{error, message, status, ...facts}`. */
export const plainErrorBody: ErrorBody = (fault) => ({
  error: fault.error,
  message: fault.message,
  status: fault.status,
  ...fault.facts,
});

/** Makes every error answer of `app` JSON, also 404 and 405, and keeps stacks and paths inside. Call before adding routes. */
export function installJsonErrors(app: FastifyInstance, body: ErrorBody): void {
  const paths = collectPaths(app);
  app.setErrorHandler((error: FastifyError, request, reply) => sendFault({ error, request, reply, body }));
  app.setNotFoundHandler((request) => {
    throw unmatched(request, paths);
  });
  // Answered before the body is parsed: a form posted to a wrong path is a 404 or 405, not a 415.
  app.addHook('onRequest', (request, _reply, done) => done(request.is404 ? unmatched(request, paths) : undefined));
}

/** Sends `error` in the system's format; used for errors that the framework meets before a route is known. */
export function sendFault(parts: {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: ErrorBody;
}): FastifyReply {
  const fault = toFault(parts.error);
  if (fault.status >= 500) parts.request.log.error(evidence(parts.error), fault.message);
  return parts.reply
    .code(fault.status)
    .headers(fault.headers)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(parts.body(fault)));
}

/** A fault that was foreseen needs its cause in the log, not its stack; an outage would fill the disk with stacks. */
function evidence(error: unknown): object {
  if (!(error instanceof Fault)) return { err: error };
  const { facts, cause } = error;
  return { facts, ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {}) };
}

/** Answers a client whose bytes are not HTTP. */
export function refuseBrokenRequest(body: ErrorBody): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, name] = BROKEN[error.code ?? ''] ?? [400, 'BadRequest'];
    const text = JSON.stringify(body(new Fault({ status, error: name, message: STATUS_CODES[status] ?? name })));
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n`;
    socket.end(`${head}Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`);
  };
}

const BROKEN: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'HeadersTooLarge'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout'],
};

function unmatched(request: FastifyRequest, paths: KnownPaths): Fault {
  const allowed = paths.methodsOf(pathOf(request));
  if (allowed.length === 0) return new Fault({ status: 404, error: 'NotFound', message: 'No existe esa ruta.' });
  return new Fault({
    status: 405,
    error: 'MethodNotAllowed',
    message: `La ruta no admite ${request.method}.`,
    headers: { Allow: allowed.join(', ') },
  });
}

function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { statusCode = 500, validation, message } = error as Partial<FastifyError>;
  if (statusCode < 400 || statusCode >= 500) {
    return new Fault({ status: 500, error: 'InternalServerError', message: 'Error interno del servicio.' });
  }
  const name = validation ? 'ValueError' : (STATUS_CODES[statusCode] ?? 'Error').replaceAll(/[^A-Za-z]/g, '');
  return new Fault({ status: statusCode, error: name, message: message ?? name });
}
