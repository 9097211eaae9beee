import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AccessLine } from '#model/metrics.ts';
import { appProject } from '../support/app-project.ts';
import { succeeded } from '../support/events.ts';
import { freshHome, type Home } from '../support/home.ts';
import { until } from '../support/until.ts';

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function get(options: RequestOptions): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent: false, ...options }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

function metricsPage(home: Home): Promise<Got> {
  return get({ socketPath: join(home.dir, 'timonel.sock'), path: '/metrics' });
}

async function accessLines(home: Home, project: string, ...more: readonly string[]): Promise<AccessLine[]> {
  const { stdout } = await home.ok(['logs', '-p', project, '--access', '--json', ...more]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AccessLine);
}

test('what users ask for is seen in status, on the metrics page and in the access log, over deployments too', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  succeeded(await app.deploy({ env: { VERSION: 1 } }));
  const ask = (path: string, headers: Record<string, string> = {}) =>
    get({ host: '127.0.0.1', port: home.httpPort, path, headers: { host: app.host, ...headers } });

  for (let n = 0; n < 8; n++) assert.equal((await ask(`/?token=secret-${n}`)).status, 200);
  assert.equal((await ask('/', { 'x-request-id': 'from-client-1' })).headers['x-request-id'], 'from-client-1');
  const given = (await ask('/')).headers['x-request-id'];
  assert.match(String(given), /^[0-9a-f-]{36}-\d+$/, 'a request without an id is given one, and told it');

  const service = await until('traffic in status', async () => {
    const [web] = (await home.status(app.name)).services;
    const { requestsPerSecond = 0, p95 } = web?.traffic ?? {};
    // What was counted and what was told of each request come by two ways.
    return requestsPerSecond >= 10 / 60 - 0.001 && p95 !== undefined ? web : undefined;
  });
  assert.equal(service.traffic?.errorRatio, 0);
  const shares = service.instances.map((one) => one.traffic?.requestsPerSecond ?? 0);
  assert.ok(shares.length === 2 && shares.every((one) => one > 0), JSON.stringify(shares));
  assert.match((await home.ok(['status', '-p', app.name])).stdout, /req\/s.*p95/);

  const valueIn = (body: string, pattern: RegExp) =>
    body
      .split('\n')
      .filter((line) => pattern.test(line))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  const page = await until('ten requests on the metrics page', async () => {
    const now = await metricsPage(home);
    return valueIn(now.body, /^timonel_request_duration_seconds_count/) === 10 ? now : undefined;
  });
  assert.match(String(page.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const value = (pattern: RegExp) => valueIn(page.body, pattern);
  assert.equal(value(/^timonel_requests_total\{project="app",service="web",release="1",instance=.*code="2xx"/), 10);
  assert.equal(value(/^timonel_route_requests_total\{.*code="2xx"/), 10);
  assert.equal(value(/^timonel_release\{project="app"\}/), 1);
  assert.equal(value(/^timonel_service_desired_instances/), 2);
  // What never failed counts from 0, or its first errors would be hidden.
  assert.match(page.body, /^timonel_requests_total\{project="app",.*instance="web-r1-2",code="5xx"\} 0$/m);
  if (existsSync('/usr/bin/promtool')) {
    const { stdout, stderr, status } = spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input: page.body });
    assert.deepEqual([status, String(stdout), String(stderr)], [0, '', '']);
  }

  succeeded(await app.deploy({ env: { VERSION: 2 } }));
  assert.equal((await ask('/')).status, 200);
  const lines = await until('eleven lines in the access log', async () => {
    const all = await accessLines(home, app.name);
    return all.length >= 11 ? all : undefined;
  });
  assert.deepEqual(
    lines.map((one) => one.release),
    [...Array.from({ length: 10 }, () => 1), 2],
  );
  assert.ok(!JSON.stringify(lines).includes('secret'), 'a query may hold secrets');
  const [known] = lines.filter((one) => one.requestId === 'from-client-1');
  assert.deepEqual([known?.status, known?.path, known?.host, known?.ended], [200, '/', app.host, 'answered']);
  assert.deepEqual((await accessLines(home, app.name, '--release', '2')).length, 1);
  assert.deepEqual((await accessLines(home, app.name, '--tail', '3')).length, 3);
});

test('a breaker that opens and closes is seen in status and on the metrics page', async () => {
  await using home = await freshHome();
  const app = appProject(home);
  const route = 'breaker: { when: "ResponseCodeRatio(500, 600, 0, 600) > 0.25", pause: 3s, recovery: 1s }';
  succeeded(await app.deploy({ route }));
  const ask = (path: string) => get({ host: '127.0.0.1', port: home.httpPort, path, headers: { host: app.host } });
  const state = async () => (await home.status(app.name)).services[0]?.breakers?.[0]?.state;
  assert.equal(await state(), 'closed');
  await until('an open breaker', async () => ((await ask('/status/500')).status === 503 ? true : undefined));
  assert.equal(await state(), 'open');
  const told = (await metricsPage(home)).body.split('\n').filter((line) => line.startsWith('timonel_breaker_state{'));
  assert.deepEqual(
    told.map((line) => /state="(\w+)"\} ([01])$/.exec(line)?.slice(1).join(' ')),
    ['closed 0', 'open 1', 'recovering 0'],
  );
  assert.match((await home.ok(['status', '-p', app.name])).stdout, /ResponseCodeRatio\(500, 600, 0, 600\) > 0.25/);
  await until('a closed breaker', async () => ((await state()) === 'closed' ? true : undefined));
  assert.equal((await ask('/')).status, 200);
});

test('a Prometheus reads the metrics, and nothing else, where the daemon was told to show them', async () => {
  await using home = await freshHome();
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const env = { TIMONEL_METRICS_ADDRESS: String(port) };
  try {
    const started = await home.ok(['daemon', 'start'], { env });
    assert.match(started.stderr + started.stdout, new RegExp(`127\\.0\\.0\\.1:${port}.*EADDRINUSE.*tried again`));
  } finally {
    holder.close();
  }
  const ask = (path: string, method = 'GET') => get({ host: '127.0.0.1', port, path, method });
  const page = await until('the metrics at their address', () => ask('/metrics').catch(() => undefined));
  assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/plain; version=0.0.4; charset=utf-8']);
  for (const [path, method] of [
    ...([
      ['/projects', 'GET'],
      ['/health', 'GET'],
      ['/', 'GET'],
      ['/metrics', 'POST'],
    ] as const),
  ])
    assert.equal((await ask(path, method)).status, 404, `${method} ${path}`);
  // Remembered, as the ports are.
  await home.ok(['daemon', 'stop']);
  const again = await home.ok(['daemon', 'start', '--json']);
  assert.deepEqual(JSON.parse(again.stdout).metrics, { url: `http://127.0.0.1:${port}/metrics` });
});
