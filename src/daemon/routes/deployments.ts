import type { FastifyInstance } from 'fastify';
import { fail } from '#core/errors.ts';
import type { Language } from '#core/messages/message.ts';
import type { Engine, Running, RunOptions } from '#engine/api.ts';
import type { DeploymentAccepted, DeploymentOrder } from '../contract.ts';
import type { Door } from '../door.ts';
import { languageOf } from '../language.ts';
import { sendLines } from '../ndjson.ts';
import { orderSchema } from '../schemas.ts';
import { worded } from '../worded.ts';

/**
 * `POST /deployments` starts one; it goes on when the client leaves. `GET /deployments/ID/events?from=N` tells it,
 * from its N-th event on, as lines of JSON, and ends after `end`.
 */
export function deploymentRoutes(app: FastifyInstance, door: Door): void {
  app.post('/deployments', { schema: { body: orderSchema } }, async (request, reply): Promise<DeploymentAccepted> => {
    await door.recovered;
    const running = await start(door.engine, request.body as DeploymentOrder);
    door.jobs.add(running);
    void reply.code(202);
    return { id: running.id, project: running.project };
  });

  app.get<{ Params: { id: string }; Querystring: { from?: number } }>(
    '/deployments/:id/events',
    { schema: { querystring: { type: 'object', properties: { from: { type: 'integer', minimum: 0 } } } } },
    (request, reply) => {
      const running = door.engine.deployment(request.params.id);
      if (running === undefined) throw fail('DAEMON_UNKNOWN_DEPLOYMENT', { id: request.params.id });
      const gone = new AbortController();
      return sendLines(reply, told(running, request.query.from ?? 0, languageOf(request)), gone);
    },
  );
}

function start(engine: Engine, order: DeploymentOrder): Promise<Running> {
  const options: RunOptions = { waitMs: order.waitMs, by: order.by };
  switch (order.kind) {
    case 'deploy':
      return engine.deploy(order.request, options);
    case 'rollback':
      return engine.rollback(order.project, order.release, options);
    case 'scale':
      return engine.scale(order.project, order.replicas, options);
    case 'restart':
      return engine.restart(order.project, order.services, options);
    case 'switchover':
      return engine.switchover(order.project, options);
    case 'down':
      return engine.down(order.project, options);
    default:
      return order satisfies never;
  }
}

async function* told(running: Running, from: number, language: Language): AsyncGenerator<unknown> {
  let index = 0;
  for await (const event of running.events()) {
    if (index++ < from) continue;
    yield worded({ ...event, time: new Date(event.time).toISOString() }, language);
  }
}
