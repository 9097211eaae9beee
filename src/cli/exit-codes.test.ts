import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '#core/errors.ts';
import { failureOf } from '#daemon/http/failure.ts';
import { exitCodeOfHttpStatus } from './exit-codes.ts';

const codeOf = (error: unknown): number => exitCodeOfHttpStatus(failureOf(error, 'en', '/log').status);

test('what the machine could not do is a failure, and no wrong usage', () => {
  const failures = [
    fail('PROXY_IMAGE_MISSING', { image: 'haproxy:9', reason: 'no such host' }),
    fail('DOCKER_UNREACHABLE', { socket: '/run/docker.sock', detail: 'ENOENT' }),
    fail('DOCKER_IMAGE_UNKNOWN', { image: 'a:1', detail: 'not found' }),
  ];
  assert.deepEqual(failures.map(codeOf), [1, 1, 1]);
});

test('wrong usage stays wrong usage', () => {
  assert.equal(codeOf(fail('SERVICE_UNKNOWN', { project: 'p', service: 's', known: 'web' })), 2);
  assert.equal(codeOf(fail('DAEMON_BAD_REQUEST', { detail: 'body is no JSON' })), 2);
});
