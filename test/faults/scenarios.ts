import type { Running } from '#engine/api.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { canaryStrategy, type Given, hostRoute, makeSpec } from '../support/specs.ts';
import type { FakeWorld } from '../support/world/fake-world.ts';
import { byTest } from '../support/world/fake-world.ts';
import type { Behaviour } from '../support/world/machine.ts';

/** One deployment in which a daemon may die, and what must be true however it went on afterwards. */
export interface Scenario {
  readonly name: string;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
  /** Brings the project to where the deployment begins. */
  readonly before: readonly (readonly ServiceSpec[])[];
  /** Begins the deployment. */
  readonly begin: (world: FakeWorld) => Promise<Running>;
  /** Ids of instances that may serve at the end, by service: exactly one of the sets. */
  readonly serving: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly states: readonly string[];
}

const quickWatch = { forMs: 1000, errorRatio: 0.5, minRequests: 20 };

function web(code: string, given: Given = {}): ServiceSpec {
  return makeSpec('web', {
    code,
    replicas: 2,
    routes: [hostRoute('web', 'shop.test')],
    observe: quickWatch,
    dependsOn: { db: { condition: 'service_healthy' } },
    releaseCommand: { command: ['migrate'], timeoutMs: 10_000 },
    ...given,
  });
}

function db(code: string): ServiceSpec {
  return makeSpec('db', {
    code,
    strategy: { kind: 'recreate' },
    routes: [hostRoute('db', 'db.test')],
    observe: quickWatch,
  });
}

const green = { strategy: { kind: 'blue-green', warmMs: 600_000 } } as const;
const canary = {
  strategy: canaryStrategy({ routing: { match: [{ kind: 'header', name: 'X-Canary', value: 'yes' }] } }),
};
const old = ['web-r1-1', 'web-r1-2'];
const young = ['web-r2-1', 'web-r2-2'];
const slow = { readyMs: 200, requestMs: 150 };

function deploying(...specs: readonly ServiceSpec[]): Scenario['begin'] {
  return (world) => world.begin(...specs);
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'the first deployment',
    behaviours: { v1: slow },
    before: [],
    begin: deploying(web('v1'), db('v1')),
    serving: { web: [old, []], db: [['db-r1-1'], []] },
    states: ['succeeded', 'failed'],
  },
  {
    name: 'rolling',
    behaviours: { v1: slow, v2: slow },
    before: [[web('v1'), db('v1')]],
    begin: deploying(web('v2'), db('v1')),
    serving: { web: [old, young], db: [['db-r1-1']] },
    states: ['succeeded', 'failed', 'rolled-back'],
  },
  {
    name: 'blue-green',
    behaviours: { v1: slow, v2: slow },
    before: [[web('v1', green), db('v1')]],
    begin: deploying(web('v2', green), db('v1')),
    serving: { web: [old, young], db: [['db-r1-1']] },
    states: ['succeeded', 'failed', 'rolled-back'],
  },
  {
    name: 'a canary',
    behaviours: { v1: slow, v2: slow },
    before: [[web('v1', canary), db('v1')]],
    begin: deploying(web('v2', canary), db('v1')),
    serving: { web: [old, young], db: [['db-r1-1']] },
    states: ['succeeded', 'failed', 'rolled-back'],
  },
  {
    name: 'a canary that is found out',
    behaviours: { v1: slow, v2: { ...slow, errorShare: 0.2 } },
    before: [[web('v1', canary), db('v1')]],
    begin: deploying(web('v2', canary), db('v1')),
    serving: { web: [old], db: [['db-r1-1']] },
    states: ['failed', 'rolled-back'],
  },
  {
    name: 'recreate',
    behaviours: { v1: slow, v2: slow },
    before: [[web('v1'), db('v1')]],
    begin: deploying(web('v1'), db('v2')),
    serving: { web: [old], db: [['db-r1-1'], ['db-r2-1']] },
    states: ['succeeded', 'failed', 'rolled-back'],
  },
  {
    name: 'a release that crashes in the watch',
    behaviours: { v1: slow, v2: { readyMs: 100, endsMs: 700 } },
    before: [[web('v1'), db('v1')]],
    begin: deploying(web('v2'), db('v1')),
    serving: { web: [old], db: [['db-r1-1']] },
    states: ['failed', 'rolled-back'],
  },
  {
    name: 'a recreate that never gets ready',
    behaviours: { v1: slow, v2: { readyMs: undefined } },
    before: [[web('v1'), db('v1')]],
    begin: deploying(web('v1'), db('v2')),
    serving: { web: [old], db: [['db-r1-1']] },
    states: ['failed', 'rolled-back'],
  },
  {
    name: 'a rollback to a warm release',
    behaviours: { v1: slow, v2: slow },
    before: [
      [web('v1', green), db('v1')],
      [web('v2', green), db('v1')],
    ],
    begin: (world) => world.engine.rollback('shop', undefined, byTest),
    serving: { web: [old, young], db: [['db-r1-1']] },
    states: ['succeeded', 'failed', 'rolled-back'],
  },
  {
    name: 'a service that goes',
    behaviours: { v1: slow },
    before: [[web('v1', { dependsOn: {} }), db('v1')]],
    begin: deploying(web('v1', { dependsOn: {} })),
    serving: { web: [old], db: [[], ['db-r1-1']] },
    states: ['succeeded', 'failed', 'rolled-back'],
  },
  {
    name: 'down',
    behaviours: { v1: slow },
    before: [[web('v1'), db('v1')]],
    begin: (world) => world.engine.down('shop', byTest),
    serving: { web: [[], old], db: [[], ['db-r1-1']] },
    states: ['succeeded', 'failed'],
  },
];
