import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { type Running, startDocumentos } from './in-process.ts';
import { until } from './until.ts';

type Evento = Readonly<Record<string, unknown>>;

test('Eventos: a websocket hears each certificate and the heartbeat, and is told 1001 when the service stops', async () => {
  await using documentos = await startDocumentos({ USE_MOCK_DATA: 'true' }, { latidoMs: 50 });
  const { socket, heard } = await listen(documentos);
  await documentos.certificado(8, 'odt');
  await documentos.certificado(99, 'odt');
  const event = await until('the certificate is told', () => heard.find(({ tipo }) => tipo === 'certificado'));
  assertCertificate(event, 8, 'odt');
  await until('a heartbeat', () => heard.some(({ tipo }) => tipo === 'latido'));
  assert.equal(heard.filter(({ tipo }) => tipo === 'certificado').length, 1, 'only certificates that were issued');

  const closed = once(socket, 'close');
  await documentos.close();
  assert.equal((await closed)[0], 1001);
});

test('Eventos: server-sent events say the same and end when the service stops', async () => {
  await using documentos = await startDocumentos({ USE_MOCK_DATA: 'true', INSTANCE_ID: 'uno' });
  const response = await documentos.get('/api/v1/eventos', { headers: { accept: 'text/event-stream' } });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.equal(response.headers.get('x-instance'), 'uno');
  const text = response.text();
  await documentos.certificado(1, 'pdf');
  await documentos.close();
  const line = /^data: (.*)$/m.exec(await text)?.[1] ?? '{}';
  assertCertificate(JSON.parse(line) as Evento, 1, 'pdf');
});

test('Eventos: a listener that leaves is forgotten, one that hangs does not keep the service from stopping', async () => {
  await using documentos = await startDocumentos({ USE_MOCK_DATA: 'true' });
  const gone = await listen(documentos);
  gone.socket.terminate();
  const deaf = await listen(documentos);
  deaf.socket.pause();
  assert.equal((await documentos.certificado(1)).status, 200);
  const start = performance.now();
  await documentos.close();
  assert.ok(performance.now() - start < 3_000);
  deaf.socket.terminate();
});

test('Eventos: who asks for neither is told how to ask', async () => {
  await using documentos = await startDocumentos({ USE_MOCK_DATA: 'true' });
  const response = await documentos.get('/api/v1/eventos');
  assert.equal(response.status, 406);
});

async function listen(documentos: Running): Promise<{ readonly socket: WebSocket; readonly heard: Evento[] }> {
  const socket = new WebSocket(`${documentos.url.replace('http', 'ws')}/api/v1/eventos`);
  const heard: Evento[] = [];
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8')) as Evento));
  await once(socket, 'open');
  return { socket, heard };
}

function assertCertificate(event: Evento, id: number, formato: string): void {
  const { tipo, alumno_id, formato: told, ms, timestamp } = event;
  assert.deepEqual({ tipo, alumno_id, formato: told }, { tipo: 'certificado', alumno_id: id, formato });
  assert.equal(typeof ms, 'number');
  assert.ok(!Number.isNaN(Date.parse(String(timestamp))));
}
