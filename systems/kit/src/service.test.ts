import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from './fault.ts';
import { createService } from './service.ts';

function service(errorBody?: (fault: Fault) => unknown) {
  const lines: string[] = [];
  const logSink = { write: (line: string) => void lines.push(line) };
  const parts = { name: 'demo', instance: 'one', logLevel: 'INFO', prefix: '/api', logSink } as const;
  const made = createService(errorBody ? { ...parts, errorBody } : parts);
  made.app.get('/api/things/:id', (request) => {
    if ((request.params as { id: string }).id === 'boom') throw new Error('secret detail in /srv/app.ts');
    throw new Fault({
      status: 409,
      error: 'Taken',
      message: 'Ya existe.',
      facts: { id: 7 },
      headers: { 'Retry-After': '2' },
    });
  });
  return { ...made, lines };
}

test('a fault is sent with its facts and headers', async () => {
  const { app } = service();
  const { statusCode, headers, body } = await app.inject('/api/things/7');
  assert.equal(statusCode, 409);
  assert.equal(headers['retry-after'], '2');
  assert.deepEqual(JSON.parse(body), { error: 'Taken', message: 'Ya existe.', status: 409, id: 7 });
});

test('any other error is a generic 500, told whole in the log only', async () => {
  const { app, lines } = service();
  const { statusCode, body } = await app.inject('/api/things/boom');
  assert.equal(statusCode, 500);
  assert.equal(JSON.parse(body).error, 'InternalServerError');
  assert.doesNotMatch(body, /secret detail/);
  assert.match(lines.join(''), /secret detail/);
});

test('a system may have another error format', async () => {
  const { app } = service((fault) => ({ detail: fault.message }));
  assert.deepEqual((await app.inject('/nowhere')).json(), { detail: 'No existe esa ruta.' });
});

test('a wrong method is 405 whatever its body is, and says what is allowed', async () => {
  const { app } = service();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await app.inject({ method: 'POST', url: '/api/things/1', payload: 'a=b', headers });
  assert.equal(answer.statusCode, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD');
  assert.equal((await app.inject({ method: 'POST', url: '/api/other', payload: 'a=b', headers })).statusCode, 404);
});

test('liveness and metrics answer at the root and under the prefix', async () => {
  const { app } = service();
  for (const root of ['', '/api']) {
    assert.deepEqual((await app.inject(`${root}/health/live`)).json(), { status: 'ok', service: 'demo' });
    assert.match((await app.inject(`${root}/metrics`)).body, /http_requests_total/);
  }
});

test('while it drains, every answer closes its connection', async () => {
  const { app, drain } = service();
  assert.notEqual((await app.inject('/health/live')).headers.connection, 'close');
  drain.begin();
  assert.equal((await app.inject('/health/live')).headers.connection, 'close');
  assert.equal((await app.inject('/nowhere')).headers.connection, 'close');
});
