import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProber } from '#adapters/prober.ts';
import { askChecks } from '#engine/canary/ask-checks.ts';
import type { CanaryCheck } from '#model/canary.ts';
import { until } from '../support/until.ts';

/** A server that plays Prometheus and an instance, and remembers what it was asked. */
async function startServer() {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    const { host, authorization = '' } = request.headers;
    asked.push(`${host} ${decodeURIComponent(request.url ?? '')} ${authorization}`.trim());
    if (request.url?.startsWith('/api/v1/query'))
      answer.end(
        JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ value: [1, '0.2'] }] } }),
      );
    else answer.end(JSON.stringify({ ready: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

test('checks are asked over the network: a query, an address, and a path of every new instance', async () => {
  await using server = await startServer();
  const { port, asked } = server;
  const query = 'sum(rate(errors{job="web"}[1m]))';
  const checks: readonly CanaryCheck[] = [
    { kind: 'prometheus', url: `http://127.0.0.1:${port}`, query, demand: { most: 0.1 } },
    { kind: 'http', url: `http://ana:a%3Ab@localhost:${port}/quality?of=web`, status: [200], demand: {} },
    { kind: 'http', url: '/self', status: [], json: 'ready', demand: { equals: 'true' } },
    { kind: 'http', url: 'http://127.0.0.1:1/nobody', status: [], demand: {} },
  ];
  const instances = [1, 2].map(() => ({ address: '127.0.0.1', port }));
  const evidence = await askChecks({ prober: createProber(), checks, instances });
  assert.deepEqual(
    evidence.map((one) => [one.kind === 'check' && one.asked, one.verdict]),
    [
      [query, 'fail'],
      [`http://localhost:${port}/quality?of=web`, 'pass'],
      ['/self', 'pass'],
      ['/self', 'pass'],
      ['http://127.0.0.1:1/nobody', 'inconclusive'],
    ],
  );
  assert.deepEqual(asked.toSorted(), [
    ...[`127.0.0.1:${port} /api/v1/query?query=${query}`, `127.0.0.1:${port} /self`, `127.0.0.1:${port} /self`],
    `localhost:${port} /quality?of=web Basic ${Buffer.from('ana:a:b').toString('base64')}`,
  ]);
});

const prometheus = '/usr/bin/prometheus';
const skip = existsSync(prometheus) ? false : 'Prometheus is not installed here: apt-get install prometheus';

test('a real Prometheus is asked, and what it answers is understood', { skip }, async () => {
  await using shop = await startShop();
  await using server = await startPrometheus(shop.port);
  const prober = createProber();
  const ask = async (query: string, demand: CanaryCheck['demand']) => {
    const checks: readonly CanaryCheck[] = [{ kind: 'prometheus', url: server.url, query, demand }];
    const [one] = await askChecks({ prober, checks, instances: [] });
    return one?.kind === 'check' ? `${one.verdict} ${one.found}` : undefined;
  };
  const failed = 'orders_failed{shop="flores"} / ignoring(state) orders';
  await until('Prometheus to have looked at the shop', async () =>
    (await ask(failed, { least: 0 })) === 'pass 0.2' ? true : undefined,
  );
  const cases: readonly (readonly [query: string, demand: CanaryCheck['demand'], found: string])[] = [
    [failed, { most: 0.1 }, 'fail 0.2'],
    ['scalar(sum(orders))', { most: 100, least: 5 }, 'pass 10'],
    // A line for each of 300 products; the first one counts.
    ['sort_desc(product_age)', { least: 299 }, 'pass 299'],
    ['orders / 0', { most: 1 }, 'fail +Infinity'],
    ['0 / 0 * orders', { most: 1 }, 'inconclusive no value'],
    ['orders_of_nobody', { most: 1 }, 'inconclusive no value'],
    ['sum(', { most: 1 }, 'inconclusive status 400'],
  ];
  for (const [query, demand, found] of cases) assert.equal(await ask(query, demand), found, query);
});

/** What Prometheus looks at. */
async function startShop() {
  const ages = Array.from({ length: 300 }, (_, n) => `product_age{product="a fairly long name ${n}"} ${n}\n`).join('');
  const page = `orders_failed{shop="flores",state="lost"} 2\norders{shop="flores"} 10\n${ages}`;
  const server = createServer((_request, answer) => answer.end(page));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) };
}

/** Prometheus over a folder of its own, which looks at `port` ten times a second. */
async function startPrometheus(port: number) {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-prometheus-'));
  const config = `global: { scrape_interval: 100ms }
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]
`;
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const address = `127.88.${process.pid % 250}.1:9090`;
  const child = spawn(
    prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  return {
    url: `http://${address}`,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
