import type { FastifyInstance } from 'fastify';
import type { Health } from '../contract.ts';
import type { Door } from '../door.ts';

/** `GET /health`: who answers, and whether it may be replaced. With `?recovered=wait` answers once recovery is over. */
export function healthRoute(app: FastifyInstance, door: Door): void {
  app.get<{ Querystring: { recovered?: string } }>('/health', async (request): Promise<Health> => {
    if (request.query.recovered === 'wait') await door.recovered;
    return {
      version: door.version,
      pid: process.pid,
      startedAt: door.startedAt.toISOString(),
      recovering: door.isRecovering(),
      deployments: door.jobs.count(),
      settings: door.settings,
    };
  });
}
