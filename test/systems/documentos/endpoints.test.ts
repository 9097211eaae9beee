import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import manifest from 'documentos-service/package.json' with { type: 'json' };
import { Child } from './child.ts';
import { Padron, type Running, startDocumentos, startReal } from './in-process.ts';
import { until } from './until.ts';

let documentos: Running;
before(async () => {
  documentos = await startDocumentos({ USE_MOCK_DATA: 'true', INSTANCE_ID: 'replica-7' });
});
after(() => documentos.close());

test('1. The root says "OK", and docs the version and a growing uptime', async () => {
  const root = await documentos.get('/api/v1/');
  assert.equal(root.status, 200);
  assert.match(root.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(await root.text(), '"OK"');
  const first = await documentos.json('/api/v1/docs');
  assert.equal(first.status, 'UP');
  assert.equal(first.service, 'certificados-api');
  assert.equal(first.version, manifest.version);
  assert.ok(!Number.isNaN(Date.parse(String(first.timestamp))));
  await sleep(5);
  const second = await documentos.json('/api/v1/docs');
  assert.ok(Number(second.uptime_seconds) > Number(first.uptime_seconds));
});

test('2. In mock mode health is ok and names the service', async () => {
  const response = await documentos.get('/api/v1/health');
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(response.status, 200);
  assert.equal(body.status, 'ok');
  assert.equal(body.service, 'documentos-service');
  assert.equal(body.mode, 'mock');
});

test('8. What cannot be found or done is answered in JSON with the right status', async () => {
  const cases = [
    ['GET', '/api/v1/certificado/99/pdf', 404, 'AlumnoNotFound'],
    ['GET', '/api/v1/certificado/0/pdf', 400, 'InvalidId'],
    ['GET', '/api/v1/certificado/99999999999999999999/pdf', 400, 'ValueError'],
    ['GET', '/api/v1/certificado/abc/pdf', 404, 'NotFound'],
    ['GET', '/api/v1/certificado/-1/pdf', 404, 'NotFound'],
    ['GET', '/api/v1/certificado/1/txt', 404, 'NotFound'],
    ['GET', '/api/v1/certificado/1/constructor', 404, 'NotFound'],
    ['GET', '/nada', 404, 'NotFound'],
    ['GET', '/api/v1/%zz', 400, 'BadRequest'],
    ['POST', '/api/v1/certificado/1/pdf', 405, 'MethodNotAllowed'],
    ['DELETE', '/api/v1/health', 405, 'MethodNotAllowed'],
  ] as const;
  for (const [method, path, status, error] of cases) {
    const form = method === 'POST' ? { body: new URLSearchParams({ a: 'b' }) } : {};
    const response = await documentos.get(path, { method, ...form });
    assert.equal(response.status, status, `${method} ${path}`);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    const body = (await response.json()) as Record<string, unknown>;
    assert.equal(body.error, error, `${method} ${path}`);
    assert.equal(body.status, status);
    assert.ok(body.message);
    if (error === 'AlumnoNotFound') assert.strictEqual(body.alumno_id, 99);
    if (status === 405) assert.equal(response.headers.get('allow'), 'GET, HEAD');
  }
});

test('8. Bytes that are not HTTP are answered in JSON too', async () => {
  const { port } = new URL(documentos.url);
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  socket.end('esto no es HTTP\r\n\r\n');
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.match(answer, /"error":"BadRequest"/);
});

test('19. No error shows a stack or a path, and each answer carries a request id that the log has with status and ms', async () => {
  await using padron = await Padron.start();
  await using real = await startReal(padron, undefined, { RETRY_ATTEMPTS: '1', INSTANCE_ID: 'replica-7' });
  await padron.serve('alumnos', 50, ['no', 'es', 'un', 'alumno']);
  await padron.serve('alumnos', 51, { ...alumnoCon('漢'), id: 51 });
  await padron.next('fail', { service: 'especialidades', times: 1, status: 500 });
  const cases = [
    ['/api/v1/certificado/1/pdf', 200],
    ['/api/v1/certificado/12345/pdf', 404],
    ['/api/v1/certificado/3/pdf', 503],
    ['/api/v1/certificado/50/pdf', 502],
    ['/api/v1/certificado/51/pdf', 500],
    ['/api/v1/certificado/abc/pdf?dni=41236587', 404],
  ] as const;
  for (const [path, status] of cases) {
    const response = await real.get(path);
    assert.equal(response.status, status, path);
    assert.equal(response.headers.get('x-instance'), 'replica-7');
    const id = response.headers.get('x-request-id');
    const text = Buffer.from(await response.bytes()).toString('latin1');
    if (status !== 200) assert.doesNotMatch(text, /\bat \w|\.ts\b|node_modules|\/src\//, text);
    const line = await until(`a log line of ${path}`, () =>
      real.log.find(({ request_id, msg }) => request_id === id && msg === 'response'),
    );
    assert.equal(line.status, status);
    assert.equal(line.method, 'GET');
    assert.equal(line.path, path.split('?')[0]);
    assert.equal(typeof line.ms, 'number');
    assert.equal(line.level, status >= 500 ? 'ERROR' : status >= 400 ? 'WARNING' : 'INFO');
    assert.ok(real.log.some(({ request_id, msg }) => request_id === id && msg === 'request'));
  }
  assert.equal(
    (await real.get('/api/v1/', { headers: { 'X-Request-Id': 'mi-id.1' } })).headers.get('x-request-id'),
    'mi-id.1',
  );
  const renamed = await real.get('/api/v1/', { headers: { 'X-Request-Id': 'con espacio' } });
  assert.notEqual(renamed.headers.get('x-request-id'), 'con espacio');
});

test('20. Without USE_MOCK_DATA certificates and health both use the real services', async () => {
  await using padron = await Padron.start();
  await using real = await startReal(padron, undefined);
  assert.equal((await real.certificado(1)).status, 200);
  assert.equal((await padron.calls()).alumnos, 1);
  const health = await real.json('/api/v1/health');
  assert.equal(health.mode, 'real');
  assert.ok(health.dependencies);
});

test('20. A wrong environment stops the start with a message for each variable', async () => {
  await using child = new Child('src/main.ts', {
    FLASK_CONTEXT: 'produccion',
    REDIS_PORT: 'seis',
    REDIS_PASSWORD: 'clave-uno',
    REDIS_PASSWORD_FILE: '/no/existe',
  });
  assert.equal(await child.ended(), 78);
  assert.match(child.output, /FLASK_CONTEXT: .*"production"\|"development"\|"testing".*got "produccion"/);
  assert.match(child.output, /REDIS_PORT: /);
  assert.match(child.output, /REDIS_PASSWORD: set either/);
  assert.doesNotMatch(child.output, /clave-uno|\bat /);
});

test('Metrics count by route pattern, and liveness asks nobody', async () => {
  await documentos.certificado(1, 'odt');
  for (const path of ['/metrics', '/api/v1/metrics']) {
    const text = await (await documentos.get(path)).text();
    assert.match(
      text,
      /http_requests_total\{method="GET",route="\/api\/v1\/certificado\/:id\/:formato",status="200"\} \d/,
    );
    assert.match(text, /documentos_certificados_total\{formato="odt"\} \d/);
  }
  for (const path of ['/health/live', '/api/v1/health/live']) assert.equal((await documentos.get(path)).status, 200);
});

function alumnoCon(nombre: string) {
  const tipo_documento = { id: 1, sigla: 'DNI', nombre: 'Documento' };
  return { nombre, apellido: 'Paz', nrodocumento: '1', legajo: '2', tipo_documento, especialidad_id: 1 };
}
