import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#model/project.ts';
import { type Limits, limitsOf } from './limits.ts';

const none: Limits = {
  memory: undefined,
  memoryAndSwap: undefined,
  memoryReserved: undefined,
  swappiness: undefined,
  cpus: undefined,
  cpuShares: undefined,
  processes: undefined,
};

const cases: readonly (readonly [string, Service, Partial<Limits>])[] = [
  ['nothing said', {}, {}],
  [
    'deploy',
    { deploy: { resources: { limits: { cpus: '0.5', memory: '1048576', pids: 20 } } } },
    { cpus: 0.5, memory: 1048576, memoryAndSwap: 2097152, processes: 20 },
  ],
  [
    'older names',
    { cpus: 1.5, mem_limit: '1000', pids_limit: 5 },
    { cpus: 1.5, memory: 1000, memoryAndSwap: 2000, processes: 5 },
  ],
  ['deploy wins', { cpus: 3, deploy: { resources: { limits: { cpus: 1 } } } }, { cpus: 1 }],
  ['quota and period', { cpu_quota: 25_000, cpu_period: 50_000 }, { cpus: 0.5 }],
  ['quota alone', { cpu_quota: '150000' }, { cpus: 1.5 }],
  ['swap said', { mem_limit: '1000', memswap_limit: '1000' }, { memory: 1000, memoryAndSwap: 1000 }],
  ['swap without end', { mem_limit: '1000', memswap_limit: '-1' }, { memory: 1000, memoryAndSwap: -1 }],
  ['zero and less are no limit', { mem_limit: '0', pids_limit: -1, cpus: 0 }, {}],
  ['reservation', { deploy: { resources: { reservations: { memory: '500' } } } }, { memoryReserved: 500 }],
  ['weights', { cpu_shares: 512, mem_swappiness: 0 }, { cpuShares: 512, swappiness: 0 }],
];

for (const [name, service, expected] of cases) {
  test(name, () => assert.deepEqual(limitsOf(service), { ...none, ...expected }));
}
