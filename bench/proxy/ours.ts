import { readFileSync } from 'node:fs';
import type { RoutePolicy } from '#model/policy.ts';
import type { Server } from '#model/route.ts';
import { resolveRoutes } from '#routing/routes.ts';
import { serviceSettings } from '#settings/schema.ts';
import { processesOf } from '../../test/support/home.ts';
import { setStage, tableOf } from '../../test/support/proxy-stage.ts';
import { type Contender, cpuOf } from './contender.ts';

/** What a careful team asks of a route; the peers are given as much of it as they have. */
const policy = {
  rateLimit: { average: 1_000_000, burst: 1_000_000 },
  breaker: 'ResponseCodeRatio(500, 600, 0, 600) > 0.25',
  retry: { attempts: 3 },
  maxBody: '10MB',
  security: { hsts: false, frame: 'deny', nosniff: true, referrer: 'strict-origin-when-cross-origin' },
  requestHeaders: { 'X-Tenant': 'bench' },
};

/** Timonel's own proxy with one service behind one route. */
export async function timonel(name: string, upstream: Upstream, wanted: 'route alone' | 'policy'): Promise<Contender> {
  const stage = await setStage();
  const server: Server = { id: 'web-r1-1', ...upstream, weight: 100, state: 'ready' };
  const route = wanted === 'policy' ? policyOf() : undefined;
  await stage.balancer.apply(
    tableOf({
      servers: [server],
      routes: [{ match: { kind: 'host', name: upstream.host }, ...(route === undefined ? {} : { policy: route }) }],
    }),
  );
  const proxies = processesOf(stage.home).filter(
    (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'haproxy',
  );
  return {
    ...{ name, address: stage.address, port: stage.httpPort },
    cpuMs: () => cpuOf(proxies),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

export interface Upstream {
  readonly address: string;
  readonly port: number;
  /** The name under which the load asks. */
  readonly host: string;
}

function policyOf(): RoutePolicy | undefined {
  const { routes } = resolveRoutes({
    ...{ project: 'p', service: 'web', compose: {}, locate: () => undefined },
    settings: serviceSettings.parse({ route: { host: 'bench.localhost', ...policy } }),
    endpoints: [{ port: 9000, protocol: 'http', because: 'label' }],
  });
  return routes[0]?.policy;
}
