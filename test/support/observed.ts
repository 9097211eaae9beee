import type { ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import type { ServiceTraffic } from '#model/traffic.ts';
import type { Observed } from '#rollout/observed.ts';

interface Given {
  /** How many instances of each service run; by default as many as wanted. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly extra?: readonly ObservedInstance[];
  readonly parked?: readonly string[];
  readonly change?: (one: ObservedInstance) => ObservedInstance;
}

/** A project of which nothing exists. */
export const nothingObserved: Observed = {
  instances: [],
  traffic: {},
  parked: new Set(),
  serving: undefined,
  stopped: false,
};

/** An instance that runs since long. */
export function makeInstance(release: Release, service: string, ordinal: number): ObservedInstance {
  return {
    id: `${service}-r${release.number}-${ordinal}`,
    project: release.project,
    service,
    release: release.number,
    fingerprint: release.services[service]?.fingerprint ?? '',
    state: 'running',
    address: `127.1.${release.number}.${ordinal}`,
    startedAt: 1000,
    restarts: 0,
    exit: undefined,
    pid: 100 * release.number + ordinal,
  };
}

/** The project as it is once `release` serves. */
export function servingObserved(release: Release, given: Given = {}): Observed {
  const instances = Object.values(release.services).flatMap((spec) =>
    Array.from({ length: given.counts?.[spec.name] ?? spec.replicas }, (_, index) =>
      (given.change ?? ((one) => one))(makeInstance(release, spec.name, index + 1)),
    ),
  );
  const traffic = Object.values(release.services).map((spec): [string, ServiceTraffic] => [
    spec.name,
    {
      endpoints: spec.endpoints,
      balance: spec.balance,
      address: '127.9.0.1',
      exposure: { routes: spec.routes, published: [] },
      members: instances
        .filter((one) => one.service === spec.name && !spec.oneShot)
        .map((one) => ({
          id: one.id,
          release: one.release,
          address: one.address,
          ports: spec.endpoints.map((endpoint) => endpoint.port),
          weight: 100,
          share: 'serving',
        })),
    },
  ]);
  return {
    instances: [...instances, ...(given.extra ?? [])],
    traffic: Object.fromEntries(traffic),
    parked: new Set(given.parked),
    serving: release.number,
    stopped: false,
  };
}
