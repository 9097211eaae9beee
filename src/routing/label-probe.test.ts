import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { Endpoint } from '#model/route.ts';
import { labelProbe } from './label-probe.ts';

const endpoints: readonly Endpoint[] = [
  { port: 5432, protocol: 'tcp', because: 'test' },
  { port: 8080, protocol: 'http', because: 'test' },
];

function resolve(given: Record<string, string>) {
  const labels = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [`traefik.http.services.s.loadbalancer.${key}`, value]),
  );
  const { probe, findings } = labelProbe({ name: 'web', labels: { labels }, endpoints, locate: () => undefined });
  return { probe, said: findings.map((one) => say(one.said, 'en')) };
}

const usual = {
  ...{ kind: 'http', port: 8080, path: '/health', scheme: 'http', headers: {}, status: [], retries: 1 },
  ...{ intervalMs: 30_000, timeoutMs: 5000, startPeriodMs: 60_000, startIntervalMs: 100 },
};

test('a path is enough; the port is that of the label, else the first that speaks HTTP', () => {
  assert.deepEqual(resolve({ 'healthcheck.path': '/health' }), { probe: usual, said: [] });
  const labelled = resolve({ 'healthcheck.path': '/health', 'server.port': '3000' });
  assert.deepEqual(labelled.probe, { ...usual, port: 3000 });
  const encrypted = resolve({ 'healthcheck.path': '/health', 'server.scheme': 'https' });
  assert.deepEqual(encrypted.probe, { ...usual, scheme: 'https' });
});

test('every option of it counts', () => {
  const { probe, said } = resolve({
    ...{ 'healthCheck.Path': '/up', 'healthcheck.port': '9000', 'healthcheck.scheme': 'https' },
    ...{ 'healthcheck.hostname': 'web.x', 'healthcheck.headers.X-Probe': 'yes', 'healthcheck.status': '204' },
    ...{ 'healthcheck.interval': '3s', 'healthcheck.timeout': '500ms', 'healthcheck.followredirects': 'false' },
  });
  assert.deepEqual(said, []);
  assert.deepEqual(probe, {
    ...{ ...usual, path: '/up', port: 9000, scheme: 'https', host: 'web.x', headers: { 'X-Probe': 'yes' } },
    ...{ status: [204], intervalMs: 3000, timeoutMs: 500 },
  });
});

test('what it cannot do is named, and no label is no probe', () => {
  assert.match(
    resolve({ 'healthcheck.interval': '1s' }).said[0] ?? '',
    /services\.s\.loadbalancer\.healthcheck needs its option path/,
  );
  assert.match(
    resolve({ 'healthcheck.path': '/', 'healthcheck.mode': 'grpc' }).said[0] ?? '',
    /mode cannot be honoured/,
  );
  assert.match(
    resolve({ 'healthcheck.path': '/', 'healthcheck.method': 'POST' }).said[0] ?? '',
    /method cannot be honoured/,
  );
  assert.match(
    resolve({ 'healthcheck.path': '/', 'healthcheck.intervall': '1s' }).said[0] ?? '',
    /did you mean interval\?/,
  );
  assert.deepEqual(resolve({ 'server.port': '80' }), { probe: undefined, said: [] });
});

test('a second check of the same service is an error, since a service has one probe', () => {
  const labels = Object.fromEntries(
    ['a', 'b'].map((name) => [`traefik.http.services.${name}.loadbalancer.healthcheck.path`, `/${name}`]),
  );
  const { probe, findings } = labelProbe({ name: 'web', labels: { labels }, endpoints, locate: () => undefined });
  assert.equal(probe?.kind === 'http' && probe.path, '/a');
  assert.match(
    findings.map((one) => say(one.said, 'en')).join(),
    /services\.b\..*path cannot be honoured: .*one probe/,
  );
});
