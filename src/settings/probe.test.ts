import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Healthcheck } from '#model/project.ts';
import type { Endpoint } from '#model/route.ts';
import { resolveProbe } from './probe.ts';
import type { ServiceSettings } from './schema.ts';

const http: Endpoint = { port: 5000, protocol: 'http', because: 'test' };

function resolve(settings: ServiceSettings, healthcheck: Healthcheck | undefined, endpoints: readonly Endpoint[]) {
  return resolveProbe({ name: 'web', settings, healthcheck, endpoints, locate: () => undefined });
}

test('x-timonel.probe comes before the healthcheck and takes the first port', () => {
  const { probe } = resolve({ probe: { http: '/health' } }, { test: ['CMD', 'curl', 'x'] }, [http]);
  assert.equal(probe.kind, 'http');
  assert.deepEqual(probe.kind === 'http' && [probe.port, probe.path, probe.scheme], [5000, '/health', 'http']);
});

const healthchecks: readonly { readonly test: readonly string[]; readonly command: readonly string[] | undefined }[] = [
  { test: ['CMD', 'redis-cli', 'ping'], command: ['redis-cli', 'ping'] },
  { test: ['CMD-SHELL', 'pg_isready || exit 1'], command: ['/bin/sh', '-c', 'pg_isready || exit 1'] },
  { test: ['NONE'], command: undefined },
];

for (const { test: form, command } of healthchecks) {
  test(`healthcheck ${form[0]}`, () => {
    const { probe } = resolve({}, { test: form }, [http]);
    if (command === undefined) assert.equal(probe.kind, 'tcp');
    else assert.deepEqual(probe.kind === 'command' && probe.command, command);
  });
}

test('a disabled healthcheck is none; without a port, running is enough', () => {
  assert.equal(resolve({}, { disable: true, test: ['CMD', 'x'] }, []).probe.kind, 'running');
});

test('a probe that needs a port says so when there is none', () => {
  const { findings } = resolve({ probe: { http: '/x' } }, undefined, []);
  assert.deepEqual(
    findings.map((one) => one.said.code),
    ['SETTINGS_PROBE_PORT'],
  );
});

test('a Compose healthcheck keeps its times, and is asked twice a second while it starts', () => {
  const { probe } = resolve(
    {},
    { test: ['CMD', 'x'], interval: '30s', timeout: '10s', retries: 3, start_period: '40s' },
    [],
  );
  const { startPeriodMs, retries, intervalMs, timeoutMs, startIntervalMs } = probe;
  assert.deepEqual([startPeriodMs, retries, intervalMs, timeoutMs, startIntervalMs], [40_000, 3, 30_000, 10_000, 500]);
});
