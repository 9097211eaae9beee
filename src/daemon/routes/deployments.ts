import { fail } from '#core/errors.ts';
import type { Language } from '#core/messages/message.ts';
import type { Engine, Running, RunOptions } from '#engine/api.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { DeploymentAccepted, DeploymentOrder } from '../contract.ts';
import type { Door } from '../door.ts';
import { readDeploymentOrder } from '../http/bodies.ts';
import { naturalNumber } from '../http/query.ts';
import { document, lines, type Route } from '../http/route.ts';
import { worded, wordedFinding } from '../worded.ts';

/**
 * `POST /deployments` starts one; it goes on when the client leaves. `GET /deployments/ID/events?from=N` tells it,
 * from its N-th event on, as lines of JSON, and ends after `end`.
 */
export function deploymentRoutes(door: Door): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/deployments',
      handle: async ({ body, language }) => {
        const order = readDeploymentOrder(body);
        await door.recovered;
        const running = await start(door.engine, order);
        door.jobs.add(running);
        const { id, project, findings = [] } = running;
        const said = findings.map((one) => wordedFinding(one, language));
        return document({ id, project, findings: said } satisfies DeploymentAccepted, 202);
      },
    },
    {
      method: 'GET',
      path: '/deployments/:id/events',
      handle: async ({ params: { id = '' }, query, language }) => {
        // Before that, one that a restart interrupted is known by its records alone and would tell nothing new.
        await door.recovered;
        const running = door.engine.deployment(id);
        if (running === undefined) throw fail('DAEMON_UNKNOWN_DEPLOYMENT', { id });
        return lines(told(running, naturalNumber(query, 'from') ?? 0, language));
      },
    },
  ];
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
    if (index++ >= from) yield worded(withReadableTimes(event), language);
  }
}

/** Milliseconds inside, ISO 8601 for programs and people. */
function withReadableTimes(event: DeploymentEvent): unknown {
  const time = new Date(event.time).toISOString();
  if (event.event !== 'waiting') return { ...event, time };
  return { ...event, time, holder: { ...event.holder, since: new Date(event.holder.since).toISOString() } };
}
