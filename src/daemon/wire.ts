import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AccessLog } from '#adapters/access-log/index.ts';
import { createAuthorities } from '#adapters/acme/index.ts';
import { systemClock } from '#adapters/clock.ts';
import { projectFiles } from '#adapters/files/project-files.ts';
import { createHaproxy } from '#adapters/haproxy/index.ts';
import { type ProxyNeeds, proxyNeeds } from '#adapters/haproxy/needs.ts';
import { createProber } from '#adapters/prober.ts';
import { createProcessRuntime, type ProcessRuntime } from '#adapters/runtimes/process/index.ts';
import { createStore } from '#adapters/sqlite/index.ts';
import { loadProject } from '#compose/load.ts';
import type { ProjectRequest } from '#engine/api.ts';
import { createEngine } from '#engine/engine.ts';
import type { RequestEnd } from '#model/metrics.ts';
import { TrafficBook } from '#monitor/traffic/traffic-book.ts';
import type { Clock } from '#world/clock.ts';
import type { Runtime } from '#world/runtime.ts';
import type { World } from '#world/world.ts';
import type { EdgeSettings, Requirements } from './contract.ts';
import { lazyRuntime } from './lazy-runtime.ts';
import type { Log } from './log.ts';
import type { Working } from './main.ts';
import { metricsPage } from './metrics-page.ts';

export interface WireOptions {
  readonly home: string;
  readonly settings: EdgeSettings;
  readonly log: Log;
}

/** Adapters whose code is loaded when the first project needs them. */
export const loadOnDemand = {
  docker: () => import('#adapters/runtimes/docker/index.ts'),
};

/** The composition root: chooses every adapter and joins them to the engine. */
export async function compose({ home, settings, log }: WireOptions): Promise<Working> {
  const clock = systemClock;
  const { httpPort, httpsPort, edgeAddress, trustedProxies, proxyImage } = settings;
  const processRuntime = createProcessRuntime({ home, clock });
  const isDockerUsed = () => existsSync(join(home, 'docker'));
  const dockerRuntime = lazyRuntime({
    kind: 'docker',
    load: async () => (await loadOnDemand.docker()).createDockerRuntime({ home, clock }),
    isUsed: isDockerUsed,
  });
  if (isDockerUsed()) await bringAddressesBack(dockerRuntime, clock, log);
  const traffic = new TrafficBook();
  const access = new AccessLog({ home });
  const onRequest = (end: RequestEnd) => access.take(end);
  const image = proxyImage === '' ? undefined : proxyImage;
  const needs = proxyNeeds({ home, clock, image });
  const world: World = {
    runtimes: { process: processRuntime, docker: dockerRuntime },
    balancer: createHaproxy({
      home,
      httpPort,
      httpsPort,
      edgeAddress,
      trustedProxies,
      image,
      clock,
      traffic,
      onRequest,
    }),
    meter: traffic,
    store: createStore({ file: join(home, 'timonel.db') }),
    prober: createProber(),
    clock,
    files: projectFiles,
    edge: { address: edgeAddress, httpPort, httpsPort },
    authorities: createAuthorities({ home }),
  };
  const engine = createEngine(world, { onFailure: (doing, error) => log.error(doing, error) });
  return {
    engine,
    requirements: (request) => requirements(request, processRuntime, needs),
    fetchProxyImage: () => needs.fetchImage(),
    access: (query, gone) => access.read(query, gone),
    metrics: () => metricsPage({ engine, balancer: world.balancer, traffic }),
    close: async () => {
      await engine.close();
      await Promise.all([processRuntime.close(), dockerRuntime.close(), world.balancer.close()]);
      access.flush();
      world.store.close();
    },
  };
}

/** How long the start of the daemon waits for the docker runtime; an engine that comes later is waited for elsewhere. */
const dockerPatienceMs = 3000;

/** A reboot takes the addresses of services off the host, and the proxy cannot start without them. */
async function bringAddressesBack(runtime: Runtime, clock: Clock, log: Log): Promise<void> {
  const ready = runtime.ready().catch((error: unknown) => log.error('make the docker runtime ready', error));
  await Promise.race([ready, clock.wait(dockerPatienceMs)]);
}

/** The proxy always; for the process runtime also the servers that stand in for well-known images. */
async function requirements(
  request: ProjectRequest,
  runtime: ProcessRuntime,
  proxy: ProxyNeeds,
): Promise<Requirements> {
  const { project } = loadProject(request, projectFiles);
  // An invalid file has no requirements; the deployment itself says what is wrong with it.
  if (project === undefined) return { packages: [], images: [], instead: [] };
  const { packages, ...rest } = await proxy.lacking();
  const settings = project['x-timonel'] as { readonly runtime?: unknown } | undefined;
  const kind = request.runtime ?? settings?.runtime ?? 'process';
  const servers = kind === 'process' ? runtime.missingPackages(project.services) : [];
  return { packages: [...packages, ...servers], ...rest };
}
