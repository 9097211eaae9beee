import type { Door } from '../door.ts';
import type { Route } from '../http/route.ts';
import { accessRoutes } from './access.ts';
import { canaryRoutes } from './canaries.ts';
import { certificateRoutes } from './certificates.ts';
import { deploymentRoutes } from './deployments.ts';
import { errandRoutes } from './errands.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { logRoutes } from './logs.ts';
import { metricsRoutes } from './metrics.ts';
import { pauseRoutes } from './pauses.ts';
import { planRoutes } from './plans.ts';
import { projectRoutes } from './projects.ts';

/** Everything the daemon answers. */
export function allRoutes(door: Door): readonly Route[] {
  return [
    healthRoutes,
    planRoutes,
    deploymentRoutes,
    canaryRoutes,
    pauseRoutes,
    projectRoutes,
    logRoutes,
    accessRoutes,
    eventRoutes,
    metricsRoutes,
    errandRoutes,
    certificateRoutes,
  ].flatMap((routesOf) => routesOf(door));
}
