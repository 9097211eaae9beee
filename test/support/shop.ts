import { said } from '#core/messages/say.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { ProjectStatus } from '#model/status.ts';

/* The project `shop` as an engine would tell of it, for tests of the command line. */

/** When everything in it happened. */
export const time = Date.parse('2026-11-22T10:00:00Z');

/** Its status, healthy unless said otherwise. */
export function shop(state: ProjectStatus['state'] = 'healthy'): ProjectStatus {
  return {
    project: 'shop',
    release: 3,
    state,
    services: [
      {
        name: 'web',
        strategy: 'rolling',
        desired: 1,
        healthy: state === 'healthy' ? 1 : 0,
        release: 3,
        urls: ['http://shop.localhost'],
        instances: [
          {
            id: 'web-r3-1',
            release: 3,
            state: state === 'healthy' ? 'healthy' : 'unhealthy',
            address: '127.1.2.3:8000',
            startedAt: '2026-11-22T10:00:00.000Z',
            restarts: 0,
            pid: 4711,
          },
        ],
      },
    ],
    lastDeployment: {
      id: 'shop-7',
      kind: 'deploy',
      state: 'failed',
      from: 2,
      to: 3,
      reason: said('CLI_RELEASE_FORM', { given: 'x' }),
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T10:00:09.000Z',
    },
    warm: undefined,
    warnings: [said('DAEMON_UNKNOWN_DEPLOYMENT', { id: 'shop-1' })],
  };
}

const stepText = said('CLI_UNDOING', { step: 'web-r4-1' });

/** A deployment that went well, whole. */
export const deployed: readonly DeploymentEvent[] = [
  {
    time,
    event: 'plan',
    deployment: 'shop-7',
    from: 3,
    to: 4,
    changes: [
      {
        service: 'web',
        action: 'replace',
        strategy: 'rolling',
        strategyReason: 'default',
        causes: [{ path: 'environment.LOG_LEVEL', from: 'info', to: 'debug' }],
        pause: undefined,
      },
    ],
    steps: [{ id: 'start web-r4-1', service: 'web', text: stepText }],
  },
  { time, event: 'step-started', step: 'start web-r4-1', service: 'web', text: stepText },
  { time, event: 'step-done', step: 'start web-r4-1', tookMs: 120 },
  { time, event: 'switched', service: 'web', release: 4 },
  {
    time: time + 2000,
    event: 'end',
    state: 'succeeded',
    release: 4,
    code: 0,
    reason: undefined,
    evidence: undefined,
    urls: ['http://shop.localhost'],
  },
];

/** The end of one that did not. */
export const failed: Extract<DeploymentEvent, { event: 'end' }> = {
  time: time + 3000,
  event: 'end',
  state: 'rolled-back',
  release: 3,
  code: 5,
  reason: said('CLI_RELEASE_FORM', { given: 'the gate' }),
  evidence: {
    instance: 'web-r4-1',
    lastProbe: said('CLI_UNDOING', { step: '503 sick' }),
    logs: ['boot', 'cannot connect to database'],
  },
  urls: [],
};
