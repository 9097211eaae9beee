import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { CARRERAS } from 'documentos-service/src/fuente/datos-simulados.ts';
import { Padron, redisState, startReal } from './in-process.ts';
import { wordsOf } from './read-documents.ts';
import { RedisLocal } from './redis-local.ts';
import { until } from './until.ts';

let redis: RedisLocal;
let padron: Padron;
before(async () => {
  [redis, padron] = await Promise.all([RedisLocal.start(), Padron.start({ PADRON_SLOW_MS: '50' })]);
});
after(async () => {
  await padron?.close();
  await redis?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await redis.run((client) => client.flushall());
  await padron.get('/control/reset', { method: 'POST' });
});

test('10. A cold certificate asks upstream once, the next ones not, and after the TTL once again', async () => {
  await using documentos = await startReal(padron, redis);
  for (const formato of ['pdf', 'docx', 'odt']) assert.equal((await documentos.certificado(1, formato)).status, 200);
  assert.deepEqual(await padron.calls(), { alumnos: 1, especialidades: 0 });
  const ttl = await redis.run((client) => client.ttl('alumno:1'));
  assert.ok(ttl > 290 && ttl <= 300, `TTL ${ttl}`);

  await using brief = await startReal(padron, redis, { CACHE_ALUMNO_TTL: '1' });
  await brief.certificado(5);
  await until('the key expires', async () => !(await redis.run((client) => client.exists('alumno:5'))));
  const before = (await padron.calls()).alumnos;
  await brief.certificado(5);
  assert.equal((await padron.calls()).alumnos, before + 1);
});

test('11. A student with only especialidad_id makes one call to académica, kept up to 600 s', async () => {
  await using documentos = await startReal(padron, redis);
  for (const formato of ['pdf', 'odt']) assert.equal((await documentos.certificado(3, formato)).status, 200);
  assert.deepEqual(await padron.calls(), { alumnos: 1, especialidades: 1 });
  const ttl = await redis.run((client) => client.ttl('especialidad:2'));
  assert.ok(ttl > 590 && ttl <= 600, `TTL ${ttl}`);
});

test('11. Both upstream shapes give a certificate with the same facts as mock mode', async () => {
  await using documentos = await startReal(padron, redis);
  const expected = {
    1: ['Muñoz Agüero, María Belén', 'DNI 41236587', CARRERAS.ISI.nombre],
    2: ['Peñaloza, Ignacio', 'DNI 40918273', '10512', CARRERAS.ISI.nombre],
    8: ['Güiraldes, Sofía', 'DNI 43102938', '30127', CARRERAS.IQ.nombre],
    13: ['Núñez Cortés, Tomás', 'DNI 38475920', CARRERAS.IC.nombre],
    34: ['Zúñiga, Bautista', 'DNI 41758392', CARRERAS.IEM.nombre],
  };
  for (const [id, facts] of Object.entries(expected)) {
    const words = wordsOf('docx', await (await documentos.certificado(id, 'docx')).bytes());
    const common = ['Facultad Regional San Rafael', 'Universidad Tecnológica Nacional', 'SAN RAFAEL, MENDOZA'];
    for (const fact of [...facts, ...common]) assert.ok(words.includes(fact), `${id}: ${fact} in ${words}`);
  }
});

test('11. An especialidad that académica does not have is a 404 that names it', async () => {
  await using documentos = await startReal(padron, redis);
  const response = await documentos.certificado(91);
  assert.equal(response.status, 404);
  const { error, especialidad_id } = (await response.json()) as Record<string, unknown>;
  assert.deepEqual({ error, especialidad_id }, { error: 'EspecialidadNotFound', especialidad_id: 99 });
});

test('12. Two failures are waited out, three are a 503, and a 404 is asked once', async () => {
  await using documentos = await startReal(padron, redis);
  await padron.next('fail', { service: 'alumnos', times: 2 });
  const start = performance.now();
  assert.equal((await documentos.certificado(1)).status, 200);
  const took = performance.now() - start;
  assert.ok(took > 1450 && took < 3000, `backoff of ${took} ms`);
  assert.equal((await padron.calls()).alumnos, 3);

  await padron.next('fail', { service: 'alumnos', times: 3, status: 429 });
  const down = await documentos.certificado(5);
  assert.equal(down.status, 503);
  const body = (await down.json()) as Record<string, unknown>;
  assert.equal(body.error, 'ServiceUnavailable');
  assert.equal(body.service_name, 'alumno_service');
  assert.equal(body.reason, 'HTTP 429');
  assert.equal((await padron.calls()).alumnos, 6);

  assert.equal((await documentos.certificado(4242)).status, 404);
  assert.equal((await padron.calls()).alumnos, 7);
});

test('12. An upstream that nobody answers for is a 503, and a refused request is not repeated', async () => {
  await using documentos = await startReal({ url: 'http://127.0.0.1:1' }, undefined, { RETRY_BASE_MS: '5' });
  const gone = await documentos.certificado(1);
  assert.equal(gone.status, 503);
  assert.equal(((await gone.json()) as Record<string, unknown>).reason, 'ECONNREFUSED');
  await using other = await startReal(padron, redis);
  await padron.next('fail', { service: 'alumnos', times: 1, status: 401 });
  assert.equal((await other.certificado(1)).status, 503);
  assert.equal((await padron.calls()).alumnos, 1);
});

test('13. An upstream that hangs is a 503 within timeout × attempts + backoff', async () => {
  await using documentos = await startReal(padron, redis, { REQUEST_TIMEOUT: '0.3', RETRY_BASE_MS: '100' });
  await padron.next('hang', { service: 'alumnos', times: 3 });
  const start = performance.now();
  const response = await documentos.certificado(1);
  const took = performance.now() - start;
  assert.equal(response.status, 503);
  assert.match(String(((await response.json()) as Record<string, unknown>).reason), /0\.3 s/);
  assert.ok(took > 1150 && took < 1200 + 500, `${took} ms`);
});

test('15. A corrupted cache value is deleted and replaced', async () => {
  await using documentos = await startReal(padron, redis);
  const broken = ['{"id": 1, "nom', 'null', '{"id":1,"nombre":"Sin lo demás"}', '{"id":2,"nombre":"Otra persona"}'];
  for (const [i, value] of broken.entries()) {
    await redis.run((client) => client.set('alumno:1', value));
    assert.equal((await documentos.certificado(1)).status, 200);
    assert.equal((await padron.calls()).alumnos, i + 1);
    const kept = await redis.run((client) => client.get('alumno:1'));
    assert.equal((JSON.parse(kept ?? '') as { apellido: string }).apellido, 'Muñoz Agüero');
  }
});

test('16. An incomplete student is a 422 that lists what is missing, and nothing is kept', async () => {
  await using documentos = await startReal(padron, redis);
  const response = await documentos.certificado(90);
  assert.equal(response.status, 422);
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(body.error, 'DatosIncompletos');
  assert.equal(body.alumno_id, 90);
  assert.deepEqual(body.campos_faltantes, ['apellido', 'legajo']);
  assert.equal(await redis.run((client) => client.exists('alumno:90')), 0);

  await padron.serve('especialidades', 77, { id: 77, nombre: 'Ingeniería sin facultad' });
  await padron.serve('alumnos', 92, { ...(await padron.json('/alumnos/700001')), id: 92, especialidad_id: 77 });
  const second = (await (await documentos.certificado(92)).json()) as Record<string, unknown>;
  assert.deepEqual(second.campos_faltantes, ['especialidad.facultad']);
  assert.equal(second.alumno_id, 92);
  assert.equal(await redis.run((client) => client.exists('especialidad:77')), 0);
});

test('17. Ten requests at once for one cold student make one upstream call and all succeed', async () => {
  await using documentos = await startReal(padron, redis);
  const responses = await Promise.all(Array.from({ length: 10 }, () => documentos.certificado(700_123)));
  assert.deepEqual(
    responses.map(({ status }) => status),
    Array.from({ length: 10 }, () => 200),
  );
  assert.deepEqual(await padron.calls(), { alumnos: 1, especialidades: 1 });
});

test('18. Health lists three dependencies; one lost upstream is a 503 while liveness stays 200', async () => {
  await using documentos = await startReal(padron, redis);
  const good = await documentos.get('/api/v1/health');
  const body = (await good.json()) as Record<string, unknown>;
  assert.equal(good.status, 200);
  assert.equal(body.status, 'ok');
  assert.deepEqual(Object.keys(body.dependencies as object), ['redis', 'alumno_service', 'especialidad_service']);

  await using half = await startReal(padron, undefined, {
    REDIS_PORT: String(redis.port),
    ACADEMICA_HOST: 'http://127.0.0.1:1',
    UPSTREAM_PATH_PREFIX: '/api/v1',
  });
  await until('the cache is connected', async () => (await redisState(half)) === 'healthy');
  const lost = await half.get('/api/v1/health');
  const degraded = (await lost.json()) as { status: string; dependencies: Record<string, { status: string }> };
  assert.equal(lost.status, 503);
  assert.equal(degraded.status, 'degraded');
  assert.equal(degraded.dependencies.alumno_service?.status, 'healthy');
  assert.equal(degraded.dependencies.especialidad_service?.status, 'unhealthy');
  assert.equal((await half.get('/api/v1/health/live')).status, 200);

  // An upstream that answers, but not 200, only degrades.
  await using odd = await startReal(padron, redis, { ACADEMICA_HOST: `${padron.url}/no-existe` });
  const answering = await odd.get('/api/v1/health');
  assert.equal(answering.status, 200);
});
