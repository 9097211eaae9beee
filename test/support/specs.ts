import { fingerprint } from '#core/hash.ts';
import type { Release } from '#model/release.ts';
import type { Route } from '#model/route.ts';
import type { ServiceSpec, Strategy } from '#model/spec.ts';

/** What a test says of a service; everything else is ordinary. */
export type Given = Partial<ServiceSpec> & {
  /** Two specs with the same code and environment have the same fingerprint. */
  readonly code?: string;
  readonly port?: number | undefined;
};

/** A service spec as the loader would resolve it, short of what the test says. */
export function makeSpec(name: string, given: Given = {}): ServiceSpec {
  const { code = 'v1', port = 8000, ...rest } = given;
  const hasPort = !('port' in given) || given.port !== undefined;
  const base: Omit<ServiceSpec, 'fingerprint'> = {
    name,
    runtime: 'process',
    replicas: 1,
    service: {},
    environment: {},
    files: [],
    source: { kind: 'tree', context: '/app', revision: code, ports: [] },
    endpoints: hasPort ? [{ port, protocol: 'http', because: 'label' }] : [],
    routes: [],
    balance: 'roundrobin',
    probe: {
      kind: 'tcp',
      port,
      intervalMs: 1000,
      timeoutMs: 1000,
      retries: 3,
      startPeriodMs: 10_000,
      startIntervalMs: 100,
    },
    strategy: {
      kind: 'rolling',
      parallelism: 1,
      delayMs: 0,
      order: 'start-first',
      failureAction: 'rollback',
      monitorMs: 0,
      maxFailureRatio: 0,
    },
    strategyReason: 'default',
    observe: { forMs: 5000, errorRatio: 0.25, minRequests: 20 },
    hold: { maxMs: 30_000, limit: 1000 },
    releaseCommand: undefined,
    process: { command: ['run'], cwd: '.', setup: [], env: {} },
    dependsOn: {},
    restart: { condition: 'any', delayMs: 0, maxAttempts: undefined, windowMs: 0 },
    stopSignal: 'SIGTERM',
    stopGraceMs: 10_000,
    oneShot: false,
    ...rest,
  };
  const { source, environment, files, endpoints } = base;
  return { ...base, fingerprint: given.fingerprint ?? fingerprint({ name, source, environment, files, endpoints }) };
}

type Canary = Extract<Strategy, { kind: 'canary' }>;

/** A canary in two quick shares, short of what the test says. */
export function canaryStrategy(given: Partial<Omit<Canary, 'kind'>> = {}): Canary {
  return {
    kind: 'canary',
    steps: [
      { percent: 10, pause: 2000 },
      { percent: 50, pause: 2000 },
      { percent: 100, pause: 0 },
    ],
    routing: { match: [] },
    analysis: {
      intervalMs: 1000,
      minRequests: 20,
      thresholds: [{ measure: 'error-ratio', most: 0.05 }],
      checks: [],
      inconclusive: { forMs: 10_000, action: 'fail' },
    },
    ...given,
  };
}

/** A release of the project `shop` made of these services. */
export function makeRelease(number: number, specs: readonly ServiceSpec[], project = 'shop'): Release {
  const services = Object.fromEntries(specs.map((spec) => [spec.name, spec]));
  return {
    project,
    number,
    createdAt: number,
    directory: '/srv/shop',
    model: { name: project, services: Object.fromEntries(specs.map((spec) => [spec.name, spec.service])) },
    services,
    digest: fingerprint(services),
  };
}

/** A route by host name to a service's port. */
export function hostRoute(service: string, name: string, port = 8000): Route {
  return {
    name: `${service}-${name}`,
    project: 'shop',
    service,
    port,
    match: { kind: 'host', name },
    priority: 10,
    entries: ['http'],
    tls: { kind: 'none' },
  };
}
