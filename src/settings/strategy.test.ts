import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#model/project.ts';
import type { Endpoint } from '#model/route.ts';
import type { ProjectSettings, ServiceSettings } from './schema.ts';
import { resolveHold, resolveObserve, resolveStrategy } from './strategy.ts';

const http: Endpoint = { port: 80, protocol: 'http', because: 'test' };
const tcp: Endpoint = { port: 5432, protocol: 'tcp', because: 'test' };

interface Case {
  readonly name: string;
  readonly service?: Service;
  readonly settings?: ServiceSettings;
  readonly project?: ProjectSettings;
  readonly endpoints?: readonly Endpoint[];
  readonly kind: string;
  readonly reason: string;
}

const volume = { volumes: [{ type: 'volume', source: 'data', target: '/data' }] };

const cases: readonly Case[] = [
  { name: 'a web service rolls', kind: 'rolling', reason: 'default' },
  { name: 'a volume of its own', service: volume, kind: 'recreate', reason: 'volume' },
  {
    name: 'a volume declared shareable',
    service: volume,
    settings: { shareVolumes: true },
    kind: 'rolling',
    reason: 'default',
  },
  {
    name: 'a volume, but the user chose',
    service: volume,
    settings: { strategy: 'rolling' },
    kind: 'rolling',
    reason: 'chosen',
  },
  {
    name: 'a volume, and only the project chose',
    service: volume,
    project: { strategy: 'blue-green' },
    kind: 'recreate',
    reason: 'volume',
  },
  {
    name: 'a read-only bind',
    service: { volumes: [{ type: 'bind', source: '/etc/x', target: '/x', read_only: true }] },
    kind: 'rolling',
    reason: 'default',
  },
  {
    name: 'an anonymous volume',
    service: { volumes: [{ type: 'volume', target: '/x' }] },
    kind: 'rolling',
    reason: 'default',
  },
  { name: 'a port that is not HTTP', endpoints: [tcp], kind: 'recreate', reason: 'tcp' },
  { name: 'the project chose', project: { strategy: 'blue-green' }, kind: 'blue-green', reason: 'chosen' },
  { name: 'a worker without ports', endpoints: [], kind: 'rolling', reason: 'default' },
];

for (const { name, service = {}, settings = {}, project = {}, endpoints = [http], kind, reason } of cases) {
  test(`strategy: ${name}`, () => {
    const result = resolveStrategy({ service, settings, project, endpoints });
    assert.deepEqual([result.strategy.kind, result.reason], [kind, reason]);
  });
}

test('update_config fills what x-timonel leaves open', () => {
  const service: Service = {
    deploy: { update_config: { parallelism: 2, delay: '10s', order: 'stop-first', failure_action: 'pause' } },
  };
  const { strategy } = resolveStrategy({
    service,
    settings: { strategy: { kind: 'rolling', delay: 500 } },
    project: {},
    endpoints: [http],
  });
  assert.deepEqual(strategy, {
    kind: 'rolling',
    parallelism: 2,
    delayMs: 500,
    order: 'stop-first',
    failureAction: 'pause',
    monitorMs: 0,
    maxFailureRatio: 0,
  });
});

test('rollback_config says how a rollback goes', () => {
  const service: Service = { deploy: { rollback_config: { parallelism: 0, failure_action: 'continue' } } };
  const { strategy } = resolveStrategy({ service, settings: {}, project: {}, endpoints: [http] });
  const usual = { delayMs: 0, order: 'start-first', monitorMs: 0, maxFailureRatio: 0 } as const;
  assert.deepEqual(strategy, {
    ...{ kind: 'rolling', parallelism: 1, failureAction: 'rollback', ...usual },
    back: { parallelism: 0, failureAction: 'continue', ...usual },
  });
});

test('observe and hold: a word, a duration or an object', () => {
  assert.equal(resolveObserve({ observe: false }, {}).forMs, 0);
  assert.equal(resolveObserve({}, { observe: 9000 }).forMs, 9000);
  assert.equal(resolveObserve({ observe: { errorRatio: 0.5 } }, {}).errorRatio, 0.5);
  assert.deepEqual(resolveHold({ hold: false }, {}), { maxMs: 0, limit: 0 });
  assert.equal(resolveHold({ hold: { limit: 7 } }, {}).limit, 7);
});
