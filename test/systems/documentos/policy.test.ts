import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { freshHome, type Home, root } from '../../support/home.ts';
import { until } from './until.ts';

/* Scenarios 23 and 24 of the specification: the guide's traffic policy in front of the deployed project. */
const HOST = 'documentos.universidad.localhost';
const FILE = join(root, 'systems/documentos/compose.yaml');

describe('the traffic policy', () => {
  let home: Home;

  before(async () => {
    home = await freshHome();
    const overlay = join(home.dir, 'overlay.yaml');
    writeFileSync(overlay, 'services: { padron: { environment: ["STUB_CONTROL=true"] } }\n');
    await home.ok(['deploy', '-f', FILE, '-f', overlay]);
  });

  after(() => home[Symbol.asyncDispose]());

  test('23. 150 requests at once yield some 429 with Retry-After; at a steady 50 a second there is none', async () => {
    await using edge = new Edge(home);
    const burst = await Promise.all(Array.from({ length: 150 }, () => edge.get('/api/v1/health/live')));
    const refused = burst.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 && refused.length < 150, `${refused.length} refused`);
    for (const { retryAfter } of refused) assert.ok(Number(retryAfter) >= 1);

    await sleep(2_000);
    const steady = await Promise.all(
      Array.from({ length: 250 }, async (_, i) => {
        await sleep(i * 20);
        return (await edge.get('/api/v1/health/live')).status;
      }),
    );
    assert.equal(steady.filter((status) => status === 429).length, 0);
  });

  test('24. With more than 25 % of errors the breaker opens, and closes again by itself', async () => {
    await using edge = new Edge(home);
    const padron = await padronAddress(home);
    await control(`${padron}/control/fail`, { service: 'alumnos', times: 200, status: 401 });
    await until('the breaker answers instead of the service', async () => {
      const { status, instance } = await edge.get(`/api/v1/certificado/${700_000 + Math.trunc(performance.now())}/pdf`);
      return status === 503 && instance === undefined;
    });
    await control(`${padron}/control/reset`, {});
    const isServed = async () => (await edge.get('/api/v1/certificado/1/pdf')).status === 200;
    await until('it closes again', isServed, 60_000);
  });
});

type Answer = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Which replica answered; absent when the proxy did. */
  readonly instance: string | undefined;
};

/** The proxy's entry, spoken to under the guide's host name. */
class Edge {
  readonly #pool: Pool;

  constructor(home: Home) {
    this.#pool = new Pool(`https://127.0.0.1:${home.httpsPort}`, {
      connections: 150,
      connect: { rejectUnauthorized: false, servername: HOST },
    });
  }

  async get(path: string): Promise<Answer> {
    const { statusCode, headers, body } = await this.#pool.request({ path, method: 'GET', headers: { host: HOST } });
    await body.dump();
    return { status: statusCode, retryAfter: one(headers['retry-after']), instance: one(headers['x-instance']) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.close();
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

async function control(url: string, order: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(order) });
  assert.ok(answer.ok, `${url} answered ${answer.status}`);
}

/** Where the stub of the two upstream services listens. */
async function padronAddress(home: Home): Promise<string> {
  const padron = (await home.status('documentos')).services.find((one) => one.name === 'padron');
  return `http://${padron?.instances[0]?.address}:5001`;
}
