import type { Engine } from '#engine/api.ts';
import { exposition } from '#monitor/traffic/exposition.ts';
import { certificateMetrics, projectMetrics } from '#monitor/traffic/project-metrics.ts';
import type { TrafficBook } from '#monitor/traffic/traffic-book.ts';
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
    ...trafficMetrics(traffic),
    breakerMetrics(balancer.breakers()),
    certificateMetrics(balancer.certificates()),
  ]);
}
