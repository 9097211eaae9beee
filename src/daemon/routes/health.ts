import type { Health } from '../contract.ts';
import type { Door } from '../door.ts';
import { document, type Route } from '../http/route.ts';

/** `GET /health`: who answers, and whether it may be replaced. With `?recovered=wait` answers once recovery is over. */
export function healthRoutes(door: Door): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      handle: async ({ query }) => {
        if (query.get('recovered') === 'wait') await door.recovered;
        return document(healthOf(door));
      },
    },
  ];
}

function healthOf(door: Door): Health {
  return {
    version: door.version,
    pid: process.pid,
    startedAt: door.startedAt.toISOString(),
    recovering: door.isRecovering(),
    deployments: door.jobs.count(),
    settings: door.settings,
    ...(door.metricsListener === undefined ? {} : { metrics: door.metricsListener.state }),
  };
}
