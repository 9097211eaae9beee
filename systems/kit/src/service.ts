import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import { type Drain, installDrain } from './drain.ts';
import { type ErrorBody, installJsonErrors, plainErrorBody, refuseBrokenRequest, sendFault } from './json-errors.ts';
import { type LogLevel, type LogSink, loggerOptions } from './log.ts';
import { installMetrics } from './metrics.ts';
import { installRequestLog, requestId } from './request-log.ts';

/** A Fastify app with what all the systems share; routes are added to `app`. */
export type Service = { readonly app: FastifyInstance; readonly metrics: Registry; readonly drain: Drain };

export type ServiceParts = {
  readonly name: string;
  readonly instance: string;
  readonly logLevel: LogLevel;
  /** Prefix of the API, such as `/api/v1`; liveness and metrics answer at the root and under it. */
  readonly prefix?: string;
  readonly errorBody?: ErrorBody;
  readonly logSink?: LogSink;
  /** Largest body accepted, in bytes; 1 MiB unless told. */
  readonly bodyLimit?: number;
};

/** Makes the app: request id and log, JSON errors, `/health/live`, `/metrics`, and answers that close when draining. */
export function createService(parts: ServiceParts): Service {
  const { name, instance, logLevel, prefix = '', errorBody = plainErrorBody } = parts;
  const app = Fastify({
    logger: loggerOptions({ service: name, instance, level: logLevel, sink: parts.logSink }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestId,
    bodyLimit: parts.bodyLimit ?? 1_048_576,
    // A request that still arrives on a kept connection while we stop is served, and told to close.
    return503OnClosing: false,
    requestTimeout: 30_000,
    clientErrorHandler: refuseBrokenRequest(errorBody),
    frameworkErrors: (error, request, reply) => {
      reply.headers({ 'X-Request-Id': request.id, 'X-Instance': instance });
      sendFault({ error, request, reply, body: errorBody });
    },
  });
  installRequestLog(app, instance);
  installJsonErrors(app, errorBody);
  const drain = installDrain(app);
  const roots = [...new Set(['', prefix])];
  const metrics = installMetrics(
    app,
    roots.map((root) => `${root}/metrics`),
  );
  for (const root of roots) app.get(`${root}/health/live`, () => ({ status: 'ok', service: name }));
  return { app, metrics, drain };
}
