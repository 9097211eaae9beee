import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Padron, redisState, startReal } from './in-process.ts';
import { RedisLocal } from './redis-local.ts';
import { until } from './until.ts';

test('14. Without Redis certificates are still served, and when it is back caching resumes by itself', async () => {
  await using redis = await RedisLocal.start();
  await using padron = await Padron.start();
  await using documentos = await startReal(padron, redis);
  await documentos.certificado(1);
  await redis.down();

  await until('documentos misses Redis', async () => (await redisState(documentos)) === 'unhealthy');
  assert.equal((await documentos.get('/api/v1/health')).status, 503);
  for (const formato of ['pdf', 'docx', 'odt']) assert.equal((await documentos.certificado(5, formato)).status, 200);
  const outages = documentos.log.filter(({ msg }) => /Redis no disponible/.test(String(msg)));
  assert.equal(outages.length, 1, 'told once');

  await redis.up();
  await until('documentos finds Redis again', async () => (await redisState(documentos)) === 'healthy');
  await documentos.certificado(5);
  const before = (await padron.calls()).alumnos;
  await documentos.certificado(5);
  assert.equal((await padron.calls()).alumnos, before);
  assert.equal(await redis.run((client) => client.exists('alumno:5')), 1);
});

test('14. Redis absent at the start is found later', async () => {
  await using redis = await RedisLocal.start();
  await redis.down();
  await using padron = await Padron.start();
  await using documentos = await startReal(padron, undefined, { REDIS_PORT: String(redis.port) });
  assert.equal((await documentos.certificado(1)).status, 200);
  await redis.up();
  await until('documentos finds Redis', async () => (await redisState(documentos)) === 'healthy');
  await documentos.certificado(1);
  assert.equal(await redis.run((client) => client.exists('alumno:1')), 1);
});

test('14. A Redis that accepts and never answers delays one certificate, not all', async () => {
  await using redis = await RedisLocal.start();
  await using padron = await Padron.start();
  await using documentos = await startReal(padron, redis);
  redis.freeze();
  const health = await documentos.get('/api/v1/health');
  assert.equal(health.status, 503);
  assert.match(await health.text(), /sin respuesta en 3 s/);
  assert.equal((await documentos.certificado(1)).status, 200);
  const start = performance.now();
  assert.equal((await documentos.certificado(5)).status, 200);
  assert.ok(performance.now() - start < 1_000);
  redis.thaw();
  await until('documentos finds Redis again', async () => (await redisState(documentos)) === 'healthy');
});

test('14. Health checks open no further connections', async () => {
  await using redis = await RedisLocal.start();
  await using padron = await Padron.start();
  await using documentos = await startReal(padron, redis);
  const clients = () =>
    redis.run(async (client) => ((await client.client('LIST')) as string).trim().split('\n').length);
  const before = await clients();
  for (let i = 0; i < 20; i++) await documentos.get('/api/v1/health');
  assert.equal(await clients(), before);
});

test('21. REDIS_PASSWORD_FILE opens a protected Redis; a wrong password is unhealthy and no crash', async () => {
  const password = 'p a$$"wörd';
  await using redis = await RedisLocal.start(password);
  await using padron = await Padron.start();
  const folder = await mkdtemp(join(tmpdir(), 'documentos-secret-'));
  try {
    const file = join(folder, 'redis_password');
    await writeFile(file, `${password}\n`);
    await using documentos = await startReal(padron, redis, { REDIS_PASSWORD: '', REDIS_PASSWORD_FILE: file });
    assert.equal((await documentos.certificado(1)).status, 200);
    assert.equal(await redis.run((client) => client.exists('alumno:1')), 1);
  } finally {
    await rm(folder, { recursive: true });
  }

  for (const wrong of ['otra-clave', '']) {
    const env = { REDIS_PORT: String(redis.port), REDIS_PASSWORD: wrong };
    await using documentos = await startReal(padron, undefined, env);
    const health = await until('health names the reason', async () => {
      const text = await (await documentos.get('/api/v1/health')).text();
      return /WRONGPASS|NOAUTH/.test(text) ? text : undefined;
    });
    assert.match(health, /"redis":\{"status":"unhealthy"/);
    assert.doesNotMatch(health, /otra-clave/);
    assert.equal((await documentos.certificado(1)).status, 200);
    assert.doesNotMatch(JSON.stringify(documentos.log), /otra-clave/);
  }
});
