import { once } from 'node:events';
import { rmSync } from 'node:fs';
import fastify from 'fastify';
import { fail } from '#core/errors.ts';
import type { Door } from './door.ts';
import { failureOf } from './failure.ts';
import { languageOf } from './language.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { healthRoute } from './routes/health.ts';
import { logRoute } from './routes/logs.ts';
import { planRoutes } from './routes/plans.ts';
import { projectRoutes } from './routes/projects.ts';

/** The daemon's HTTP server; `close` ends every stream that clients still read. */
export interface Server {
  close(): Promise<void>;
}

/** A Compose file on standard input travels in the body, and the loader itself refuses larger ones. */
const largestBody = 32 * 1024 * 1024;
const longestSocketPath = 107;

/** Serves the routes on a unix socket that only its owner may open. The caller holds the home's lock. */
export async function serve(door: Door, socket: string): Promise<Server> {
  if (Buffer.byteLength(socket) > longestSocketPath) throw fail('DAEMON_SOCKET_TOO_LONG', { socket });
  const app = fastify({ logger: false, bodyLimit: largestBody, forceCloseConnections: true });
  app.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error, languageOf(request), door.logFile);
    if (failure.isBug) door.log.error(`${request.method} ${request.url}`, error);
    return reply.code(failure.status).send(failure.body);
  });
  app.setNotFoundHandler((request, reply) => {
    const unknown = fail('DAEMON_BAD_REQUEST', { detail: `${request.method} ${request.url}` });
    return reply.code(404).send(failureOf(unknown, languageOf(request), door.logFile).body);
  });
  for (const route of [healthRoute, planRoutes, deploymentRoutes, projectRoutes, logRoute]) route(app, door);
  await app.ready();
  rmSync(socket, { force: true });
  const umask = process.umask(0o177);
  try {
    app.server.listen(socket);
  } finally {
    process.umask(umask);
  }
  await once(app.server, 'listening');
  return { close: () => app.close() };
}
