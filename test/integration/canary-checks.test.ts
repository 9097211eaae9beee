import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createProber } from '#adapters/prober.ts';
import { askChecks } from '#engine/canary/ask-checks.ts';
import type { CanaryCheck } from '#model/canary.ts';

/** A server that plays Prometheus and an instance, and remembers what it was asked. */
async function startServer() {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(`${request.headers.host} ${decodeURIComponent(request.url ?? '')}`);
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
    { kind: 'http', url: `http://localhost:${port}/quality?of=web`, status: [200], demand: {} },
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
    `localhost:${port} /quality?of=web`,
  ]);
});
