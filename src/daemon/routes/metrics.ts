import type { Door } from '../door.ts';
import { type Route, text } from '../http/route.ts';

/** `GET /metrics`: everything that is measured, as Prometheus reads it. */
export function metricsRoutes(door: Pick<Door, 'metrics'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      handle: async () => text(await door.metrics(), 'text/plain; version=0.0.4; charset=utf-8'),
    },
  ];
}
