import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const ACCEPTED_ID = /^[\w.:-]{1,128}$/;

/** The id of a request: the caller's X-Request-Id when it is harmless to log, else a new one. */
export function requestId(raw: Pick<IncomingMessage, 'headers'>): string {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTED_ID.test(given) ? given : randomUUID();
}

/** The path without its query, which may hold personal data and must not reach the log. */
export function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?');
  return end < 0 ? request.url : request.url.slice(0, end);
}

/** Writes one line when a request comes in and one when it is answered, and names request and instance in the answer. */
export function installRequestLog(app: FastifyInstance, instance: string): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    reply.header('X-Instance', instance);
    request.log.info({ method: request.method, path: pathOf(request) }, 'request');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const status = reply.raw.statusCode;
    const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log[level]({ method: request.method, path: pathOf(request), status, ms }, 'response');
    done();
  });
}
