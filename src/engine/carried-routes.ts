import type { Route } from '#model/route.ts';
import type { ProjectTraffic } from '#model/traffic.ts';

/** Every route at the edge, of all projects. */
export function carriedRoutes(projects: Readonly<Record<string, ProjectTraffic>>): readonly Route[] {
  return Object.values(projects).flatMap((services) =>
    Object.values(services).flatMap((traffic) => traffic.exposure.routes),
  );
}
