import type { Engine } from '#engine/api.ts';
import type { ProjectStatus } from '#model/status.ts';
import { exposition } from '#monitor/traffic/exposition.ts';
import { certificateMetrics, projectMetrics } from '#monitor/traffic/project-metrics.ts';
import type { Present, TrafficBook } from '#monitor/traffic/traffic-book.ts';
import { breakerMetrics, trafficMetrics } from '#monitor/traffic/traffic-metrics.ts';
import type { Balancer } from '#world/balancer.ts';

interface Sources {
  readonly engine: Pick<Engine, 'projects' | 'status'>;
  readonly balancer: Pick<Balancer, 'breakers' | 'certificates'>;
  readonly traffic: TrafficBook;
}

/** The whole metrics page. */
export async function metricsPage({ engine, balancer, traffic }: Sources): Promise<string> {
  const projects = await Promise.all((await engine.projects()).map((project) => engine.status(project)));
  return exposition([
    ...projectMetrics(projects),
    ...trafficMetrics(traffic, projects.flatMap(presentOf)),
    breakerMetrics(balancer.breakers()),
    certificateMetrics(balancer.certificates()),
  ]);
}

/** Instances of services that somebody may ask. */
function presentOf({ project, services }: ProjectStatus): readonly Present[] {
  return services
    .filter((one) => one.traffic !== undefined)
    .flatMap(({ name, instances }) => instances.map(({ id }) => ({ project, service: name, instance: id })));
}
