import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { CanaryRouting } from '#model/canary.ts';
import type { ClientKey, PolicyRule, RoutePolicy } from '#model/policy.ts';
import type { Backend, BackendId, Route, RouteTable } from '#model/route.ts';
import type { TestInstance } from '../support/instance.ts';
import { type Stage, setStage } from '../support/proxy-stage.ts';

/*
 * A kept connection of a worker that was replaced: whatever the route does with its requests, client and instance see
 * exactly what they would see on a new connection.
 */

interface Case extends Omit<RoutePolicy, 'rules'> {
  readonly rules?: readonly PolicyRule[];
  readonly canary?: CanaryRouting;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The proxy closes the connection after such an answer, and the instance may have heard of the request or not. */
  readonly closes?: true;
}

const limit = (key: ClientKey, ...windows: number[]): PolicyRule => ({
  ...{ kind: 'rate-limit', key },
  allowance:
    windows.length === 0
      ? { kind: 'bucket', average: 1, periodMs: 600_000, burst: 100 }
      : { kind: 'windows', windows: windows.map((perMs) => ({ requests: 100, perMs })) },
});
const users = [{ name: 'apr', hash: '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/' }];
const auth: PolicyRule = { kind: 'basic-auth', users, realm: 'r', removeHeader: true, userHeader: 'X-User' };
const breaker: PolicyRule = {
  ...{ kind: 'breaker', checkPeriodMs: 50, fallbackMs: 60_000, recoveryMs: 1000, status: 503 },
  expression: { kind: 'compare', measure: { kind: 'network-error-ratio' }, than: '>', value: 0.5 },
};
const pages: PolicyRule = {
  ...{ kind: 'error-pages', statuses: [{ from: 400, to: 599 }], rewrites: [], service: 'pages', port: 9000 },
  query: '/{status}.html?url={url}',
};
const retry: PolicyRule = { kind: 'retry', attempts: 3, statuses: [502] };
const paused: PolicyRule = { ...retry, initialIntervalMs: 30 };
const cookies: CanaryRouting = {
  match: [{ kind: 'header', name: 'x-canary', value: 'yes' }],
  sticky: { cookie: 'ticket', maxAgeSeconds: 60 },
};
const stay = { name: 'stay', secure: false, httpOnly: true };
const allow = (depth?: number): PolicyRule => ({
  ...{ kind: 'ip-allow', ranges: ['10.1.0.0/16'], status: 403, ...(depth === undefined ? {} : { depth }) },
});
const chunked = { 'transfer-encoding': 'chunked' };
const forwarded = (chain: string) => ({ headers: { 'x-forwarded-for': chain } });
const token = `x.${Buffer.from('{"sub":"me"}').toString('base64url')}.y`;

const plain: Readonly<Record<string, Case>> = {
  plain: {},
  forwarded: {
    headers: { 'x-forwarded-for': '1.1.1.1, 10.1.2.3', 'x-forwarded-proto': 'https', 'x-request-id': 'its' },
  },
  body: { body: 'x'.repeat(30_000) },
  'limit-address': { rules: [limit({ kind: 'address' }), limit({ kind: 'address' }, 60_000, 3_600_000)] },
  'limit-header': { rules: [limit({ kind: 'header', name: 'x-key' })], headers: { 'x-key': 'a' } },
  'limit-claim': { rules: [limit({ kind: 'jwt-claim', claim: 'sub' })], headers: { authorization: `Bearer ${token}` } },
  'in-flight': { rules: [{ kind: 'in-flight', key: { kind: 'address' }, amount: 4 }] },
  breaker: { rules: [breaker] },
  'body-limit': { rules: [{ kind: 'body-limit', bytes: 40_000 }], body: 'y'.repeat(30_000) },
  'body-limit-over': { rules: [{ kind: 'body-limit', bytes: 200 }], body: 'y'.repeat(300), closes: true },
  measured: { rules: [{ kind: 'body-limit', bytes: 40_000 }], body: 'y'.repeat(30_000), headers: chunked },
  'measured-over': {
    ...{ rules: [{ kind: 'body-limit', bytes: 200 }], body: 'y'.repeat(300), headers: chunked, closes: true },
  },
  auth: { rules: [auth], headers: { authorization: `Basic ${Buffer.from('apr:secret').toString('base64')}` } },
  'auth-none': { rules: [auth] },
  allow: { rules: [allow()], ...forwarded('1.1.1.1, 10.1.2.3') },
  'allow-not': { rules: [allow()], ...forwarded('10.1.2.3, 1.1.1.1') },
  'allow-depth': { rules: [allow(1)], ...forwarded('1.1.1.1, 10.1.2.3') },
  sticky: { sticky: stay },
  'canary-ticket': { canary: cookies },
  'canary-header': { canary: cookies, headers: { 'x-canary': 'yes' } },
  strip: { rules: [{ kind: 'strip-prefix', prefixes: ['/api'] }], path: '/api/api/x?y=/api' },
  'strip-regex': { rules: [{ kind: 'strip-prefix-regex', patterns: ['/api'] }], path: '/api/api/x' },
  add: { rules: [{ kind: 'add-prefix', prefix: '/api' }], path: '/x' },
  replace: { rules: [{ kind: 'replace-path-regex', pattern: '^/a(.*)', replacement: '/a/a$1' }], path: '/ax' },
  compress: { rules: [{ kind: 'compress', types: ['application/json'] }], headers: { 'accept-encoding': 'gzip' } },
  headers: {
    rules: [
      { kind: 'request-headers', set: [{ name: 'x-a', value: '1' }] },
      { kind: 'response-headers', set: [{ name: 'x-c', value: '1' }] },
      { kind: 'hsts', seconds: 10, subdomains: true, preload: true, always: true },
    ],
  },
  redirect: { rules: [{ kind: 'redirect-scheme', scheme: 'https', permanent: true }], path: '/a?b' },
};

/** Alone, and before and after what makes requests pass the proxy twice. */
const cases: Readonly<Record<string, Case>> = Object.fromEntries([
  ...Object.entries(plain).flatMap(([name, one]) => [
    [name, one],
    ...[pages, paused].map((twice) => [`${twice.kind}-${name}`, { ...one, rules: [twice, ...(one.rules ?? [])] }]),
    ...(one.rules ?? []).slice(0, 1).map(() => [`${name}-pages`, { ...one, rules: [...(one.rules ?? []), pages] }]),
  ]),
  ['retried', { rules: [retry], path: '/status/502' }],
  ['retried-paused', { rules: [paused], path: '/status/502' }],
  ['retried-pages', { rules: [paused, pages], path: '/status/502' }],
  ['page', { rules: [pages], path: '/status/404' }],
]);

test('a request on a kept connection goes the way of a new one, over one reload and over two', async () => {
  await using stage = await setStage({ trustedProxies: ['127.0.0.0/8'] });
  const asked: Record<string, number> = {};
  const web = await stage.start('web-r1-1', async (asks, answer) => {
    asked[asks.headers.host ?? ''] = (asked[asks.headers.host ?? ''] ?? 0) + 1;
    const hash = createHash('md5');
    for await (const chunk of asks) hash.update(chunk as Buffer);
    answer.statusCode = Number(/^\/status\/(\d+)/.exec(asks.url ?? '')?.[1] ?? 200);
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify([asks.method, asks.url, hash.digest('hex'), ...headersOf(asks)]));
  });
  let generation = 0;
  const reload = async () => {
    const applied = await stage.balancer.apply(tableOf(web, ++generation));
    assert.deepEqual(applied, { reloaded: true });
  };
  const seen = async (client: Kept) => {
    asked[client.host] = 0;
    const answer = await client.ask();
    client.close();
    return client.one.closes ? [answer] : [answer, asked[client.host]];
  };
  await reload();
  for (const reloads of [1, 2]) {
    const clients = Object.entries(cases).map(([name, one]) => new Kept(stage, `${name}.x`, one));
    await Promise.all(clients.map((client) => client.ask()));
    for (let n = 0; n < reloads; n++) await reload();
    await Promise.all(
      clients.map(async (client) => {
        const answer = await seen(client);
        assert.ok(client.isKept || client.one.closes, `${client.host}: on the connection that was kept`);
        assert.deepEqual(answer, await seen(new Kept(stage, client.host, client.one)), client.host);
      }),
    );
  }
});

/** The service has a name for each case; `generation` makes a table that needs a reload. */
function tableOf(web: TestInstance, generation: number): RouteTable {
  const named = Object.entries<Case>({ ...cases, pages: {}, [`g${generation}`]: {} });
  const backends = named.map(([service, { canary }]): Backend => {
    const id: BackendId = `p/${service}:9000`;
    const servers = [web.server(), ...(canary ? [{ ...web.server(), id: 'web-r2-1', side: 'canary' as const }] : [])];
    const place = { id, project: 'p', service, port: 9000 };
    return { ...place, protocol: 'http', balance: 'roundrobin', servers, ...(canary ? { canary } : {}) };
  });
  const routes = named.map(
    ([service, { rules = [], sticky }]): Route => ({
      ...{ name: service, project: 'p', service, port: 9000, priority: 10, entries: ['http'], tls: { kind: 'none' } },
      ...{ match: { kind: 'host', name: `${service}.x` }, policy: { rules, ...(sticky ? { sticky } : {}) } },
    }),
  );
  return { backends: Object.fromEntries(backends.map((one) => [one.id, one])), listeners: [], routes };
}

function headersOf({ rawHeaders }: IncomingMessage): readonly string[] {
  const pairs = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[at + 1]}`] : [],
  );
  return pairs.filter((one) => !/^(date|connection|keep-alive|content-length):/.test(one)).toSorted();
}

/** A client with one connection. */
class Kept {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #stage: Stage;
  readonly host: string;
  readonly one: Case;
  isKept = false;

  constructor(stage: Stage, host: string, one: Case) {
    this.#stage = stage;
    this.host = host;
    this.one = one;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** What came, without what is drawn anew for every request. */
  ask(): Promise<string> {
    const { path = '/', headers = {}, body } = this.one;
    const { address, httpPort } = this.#stage;
    const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': body.length };
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ host: address, port: httpPort, path, agent: this.#agent, method: body === undefined ? 'GET' : 'POST' },
          headers: { host: this.host, ...length, ...headers },
        },
        async (answer) => {
          const chunks = await Array.fromAsync(answer as AsyncIterable<Buffer>);
          const isZipped = answer.headers['content-encoding'] === 'gzip';
          const text = (isZipped ? gunzipSync(Buffer.concat(chunks)) : Buffer.concat(chunks)).toString();
          const all = [answer.statusCode, ...headersOf(answer), text].join('\n');
          const own = all.replaceAll(String(answer.headers['x-request-id']), 'ID');
          resolve(own.replaceAll(/(ratelimit-(?:remaining|reset): |ticket=)\d+/g, '$1N'));
        },
      );
      sent.on('socket', () => {
        this.isKept = sent.reusedSocket;
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
