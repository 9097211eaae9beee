import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import { readDeploymentOrder, readProjectRequest } from './bodies.ts';

const request = { cwd: '/srv/shop', env: { HOME: '/root' }, files: ['compose.yaml'], runtime: 'process' };
const common = { waitMs: 0, by: 'ana@host pid 1' };

test('good bodies come through as they are', () => {
  assert.deepEqual(readProjectRequest(request), request);
  for (const order of [
    { kind: 'deploy', request, ...common },
    { kind: 'rollback', project: 'shop', release: 3, ...common },
    { kind: 'rollback', project: 'shop', ...common },
    { kind: 'scale', project: 'shop', replicas: { web: 0, worker: 3 }, ...common },
    { kind: 'restart', project: 'shop', services: [], ...common },
    { kind: 'switchover', project: 'shop', ...common },
    { kind: 'down', project: 'shop', ...common },
  ]) {
    assert.deepEqual(readDeploymentOrder(order), order);
  }
});

const bad: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['an unknown kind', { kind: 'destroy', project: 'shop', ...common }],
  ['a member that this version does not know', { kind: 'down', project: 'shop', force: true, ...common }],
  ['a member of another kind', { kind: 'down', project: 'shop', replicas: {}, ...common }],
  ['a negative wait', { kind: 'down', project: 'shop', waitMs: -1, by: 'x' }],
  ['half an instance', { kind: 'scale', project: 'shop', replicas: { web: 0.5 }, ...common }],
  ['release zero', { kind: 'rollback', project: 'shop', release: 0, ...common }],
  ['a variable that is no text', { kind: 'deploy', request: { ...request, env: { A: 1 } }, ...common }],
];

for (const [name, body] of bad) {
  test(`${name} is refused`, () => {
    assert.throws(
      () => readDeploymentOrder(body),
      (error) => hasCode(error, 'DAEMON_BAD_REQUEST'),
    );
  });
}
