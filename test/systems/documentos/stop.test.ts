import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Child } from './child.ts';
import { until } from './until.ts';

test('26. SIGTERM lets running renderings end, refuses new connections, and then exits with 0', async () => {
  await using child = new Child('src/main.ts', { USE_MOCK_DATA: 'true' });
  const url = await child.url();
  const running = Array.from({ length: 60 }, () => fetch(`${url}/api/v1/certificado/1/pdf`));
  await until('all of them came in', () => child.output.match(/"msg":"request"/g)?.length === running.length);
  child.signal('SIGTERM');
  child.signal('SIGTERM');
  await until('it is stopping', () => child.output.includes('"msg":"stopping"'));
  child.signal('SIGTERM');
  const answers = await Promise.all(running);
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.ok((await answer.bytes()).length > 1000);
  }
  assert.equal(await child.ended(), 0);
  assert.match(child.output, /"msg":"stopped"/);
  await assert.rejects(fetch(`${url}/api/v1/`));
});

test('26. A certificate that waits for its upstream is finished too, and kept connections are told to close', async () => {
  await using padron = new Child('padron/main.ts', { PADRON_SLOW_MS: '1000', STUB_CONTROL: 'true' });
  const upstream = await padron.url();
  await using child = new Child('src/main.ts', { ALUMNOS_HOST: upstream, ACADEMICA_HOST: upstream, REDIS_PORT: '1' });
  const url = await child.url();
  using agent = new KeptConnection();
  const before = await agent.get(`${url}/health/live`);
  assert.equal(before.headers.connection, 'keep-alive');
  const slow = fetch(`${url}/api/v1/certificado/700001/pdf`);
  await until('upstream was asked', async () =>
    (await (await fetch(`${upstream}/control/calls`)).text()).includes('"alumnos":1'),
  );
  child.signal('SIGTERM');
  await until('it is stopping', () => child.output.includes('"msg":"stopping"'));
  await assert.rejects(fetch(`${url}/api/v1/`), 'a new connection is refused');
  const answer = await slow;
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('connection'), 'close');
  assert.equal(await child.ended(), 0);
});

test('26. While it lingers, a request on a kept connection is served with Connection: close', async () => {
  await using child = new Child('src/main.ts', { USE_MOCK_DATA: 'true', STOP_LINGER_MS: '500' });
  const url = await child.url();
  using agent = new KeptConnection();
  assert.equal((await agent.get(`${url}/api/v1/`)).headers.connection, 'keep-alive');
  child.signal('SIGTERM');
  await until('it is stopping', () => child.output.includes('"msg":"stopping"'));
  const last = await agent.get(`${url}/api/v1/certificado/1/odt`);
  assert.equal(last.statusCode, 200);
  assert.equal(last.headers.connection, 'close');
  assert.equal(await child.ended(), 0);
});

test('26. What does not end within STOP_TIMEOUT_MS does not keep the process', async () => {
  await using padron = new Child('padron/main.ts', { PADRON_SLOW_MS: '60000', STOP_TIMEOUT_MS: '10' });
  const upstream = await padron.url();
  const env = { ALUMNOS_HOST: upstream, ACADEMICA_HOST: upstream, REDIS_PORT: '1', STOP_TIMEOUT_MS: '300' };
  await using child = new Child('src/main.ts', env);
  const url = await child.url();
  const cut = assert.rejects(fetch(`${url}/api/v1/certificado/700001/pdf`));
  await until('it came in', () => child.output.includes('700001'));
  child.signal('SIGTERM');
  assert.equal(await child.ended(), 1);
  await cut;
});

/** One connection that is used again for the next request. */
class KeptConnection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async get(url: string): Promise<IncomingMessage> {
    const request = get(url, { agent: this.#agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
