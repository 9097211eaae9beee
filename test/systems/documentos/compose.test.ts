import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { loadProject } from '#compose/load.ts';
import { readSettings } from '#settings/read.ts';
import { projectFiles } from '../../../src/adapters/files/project-files.ts';

const folder = fileURLToPath(new URL('../../../systems/documentos/', import.meta.url));

/** The labels of the deployment guide, with their faults. */
const LABELS = [
  'traefik.enable=true',
  'traefik.http.routers.documentos-service.rule=Host(`documentos.universidad.localhost`)',
  'traefik.http.routers.documentos-service.tls=true',
  'traefik.http.routers.documentos-service.middlewares=documentos-service-ratelimit',
  'traefik.http.services.documentos-service.loadbalancer.server.port=5000',
  'traefik.http.middlewares.documentos-service.circuitbreaker.expression=LatencyAtQuantileMS(50.0) > 100',
  'traefik.http.middlewares.documentos-service.circuitbreaker.expression=ResponseCodeRatio(500, 600, 0, 600) > 0.25',
  'traefik.http.middlewares.documentos-service.circuitbreaker.expression=networkErrorRatio() > 0.5',
  'traefik.http.middlewares.documentos-service.retry.attempts=4',
  'traefik.http.middlewares.documentos-service.retry.initialinterval=100ms',
  'traefik.http.middlewares.documentos-service-ratelimit.ratelimit.average=100',
  'traefik.http.middlewares.documentos-service-ratelimit.ratelimit.burst=50',
  'traefik.http.middlewares.documentos-service-ratelimit.ratelimit.period=1s',
  'traefik.docker.network=carlosred',
];

test('the Compose file keeps the labels, environment and names of the guide', () => {
  const { services } = parse(readFileSync(`${folder}compose.yaml`, 'utf8'));
  const service = services['documentos-service'];
  assert.deepEqual(service.labels, LABELS);
  assert.deepEqual(
    service.environment.map((line: string) => line.split('=')[0]),
    ['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'ACADEMICA_HOST', 'ALUMNOS_HOST', 'FLASK_CONTEXT', 'USE_MOCK_DATA'],
  );
  assert.equal(service.image, 'gestion-documentos:v1.0.1');
  assert.equal(service.deploy.replicas, 2);
  assert.deepEqual(service.networks.carlosred.aliases, ['documentos.universidad.localhost']);
});

test('it loads, and its x-timonel sections are valid', () => {
  const { project, findings, sources } = loadProject({ cwd: folder, env: {} }, projectFiles);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.ok(project);
  assert.equal(project.services['documentos-service']?.environment?.USE_MOCK_DATA, 'false');
  const settings = readSettings(project, (path) => sources.locate(path));
  assert.deepEqual(settings.findings, []);
});
