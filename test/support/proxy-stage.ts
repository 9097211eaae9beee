import { mkdtempSync, rmSync } from 'node:fs';
import { type Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock.ts';
import { createHaproxy, type HaproxyOptions } from '#adapters/haproxy/index.ts';
import type { Backend, BackendId, Listener, Route, RouteTable, Server } from '#model/route.ts';
import { TrafficBook } from '#monitor/traffic/traffic-book.ts';
import type { Balancer } from '#world/balancer.ts';
import { startInstance, startTcpInstance, type TestInstance } from './instance.ts';

/** A real proxy over a home of its own, and instances on loopback addresses that no other test uses. */
export interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly balancer: Balancer;
  /** What the proxy told. */
  readonly traffic: TrafficBook;
  readonly address: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Another adapter over the same home, as after a restart of the daemon. */
  another(): Balancer;
  start(id: string, answer?: Parameters<typeof startInstance>[3], port?: number): Promise<TestInstance>;
  startTcp(id: string): Promise<TestInstance>;
  get(path: string, options?: GetOptions): Promise<Answer>;
}

export interface GetOptions {
  readonly host?: string;
  readonly port?: number;
  readonly address?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** The client's own address. */
  readonly from?: string;
  /** Keeps connections; without one each request has its own. */
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let stages = 0;

/** Use with `await using`: the proxy and all instances end with the stage. */
export async function setStage(options: Pick<HaproxyOptions, 'trustedProxies' | 'onRequest'> = {}): Promise<Stage> {
  // A block of 127/8 by process and stage keeps test files that run side by side apart.
  const block = `127.${64 + (process.pid % 128)}.${(Math.floor(process.pid / 128) * 8 + stages++) % 250}`;
  const home = mkdtempSync(join(tmpdir(), 'timonel-proxy-'));
  const address = `${block}.1`;
  const traffic = new TrafficBook();
  const edge = {
    ...{ home, httpPort: 18_080, httpsPort: 18_443, edgeAddress: address, clock: systemClock, traffic },
    ...options,
  };
  const balancers: Balancer[] = [];
  const instances: TestInstance[] = [];
  const make = () => {
    const balancer = createHaproxy(edge);
    balancers.push(balancer);
    return balancer;
  };
  const balancer = make();
  let places = 10;
  const place = () => `${block}.${places++}`;
  const keep = (instance: TestInstance) => {
    instances.push(instance);
    return instance;
  };
  return {
    ...{ home, balancer, traffic, address, httpPort: edge.httpPort, httpsPort: edge.httpsPort },
    another: make,
    start: async (id, answer, port = 9000) => keep(await startInstance(id, place(), port, answer)),
    startTcp: async (id) => keep(await startTcpInstance(id, place(), 9000)),
    get: (path, wanted = {}) => ask({ address, port: edge.httpPort, ...wanted }, path),
    [Symbol.asyncDispose]: async () => {
      await balancer.stop();
      for (const one of balancers) await one.close();
      await Promise.all(instances.map((one) => one.kill().catch(() => undefined)));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function ask(wanted: GetOptions & { address: string; port: number }, path: string): Promise<Answer> {
  const { address, port, host, method = 'GET', headers = {}, body, from, agent = false } = wanted;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: address, port, path, method, agent },
        ...(from === undefined ? {} : { localAddress: from }),
        headers: { ...headers, ...(host === undefined ? {} : { host }) },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

interface TableParts {
  readonly servers?: readonly Server[];
  readonly listeners?: readonly Omit<Listener, 'backend'>[];
  readonly routes?: readonly Partial<Route>[];
  readonly backend?: Partial<Backend>;
}

/** A table with one service, `p/web:9000`, behind everything. */
export function tableOf({ servers = [], listeners = [], routes = [], backend = {} }: TableParts): RouteTable {
  const id: BackendId = 'p/web:9000';
  const place = { project: 'p', service: 'web', port: 9000 };
  return {
    backends: { [id]: { id, ...place, protocol: 'http', balance: 'roundrobin', servers, ...backend } },
    listeners: listeners.map((one) => ({ ...one, backend: id })),
    routes: routes.map((route, index) => ({
      ...{ name: `r${index}`, ...place, priority: 10, entries: ['http'], tls: { kind: 'none' } },
      ...{ match: { kind: 'path-prefix', prefix: '/' } },
      ...route,
    })),
  };
}

/** Several tables as one, as of several projects. */
export function joined(...tables: readonly RouteTable[]): RouteTable {
  return {
    backends: Object.assign({}, ...tables.map((one) => one.backends)),
    listeners: tables.flatMap((one) => one.listeners),
    routes: tables.flatMap((one) => one.routes),
  };
}

/** Waits until the proxy has nothing in flight at `server`, as the engine does before it stops an instance. */
export async function drained(balancer: Balancer, server: string): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const seen = (await balancer.observe()).find((one) => one.server === server);
    if (seen === undefined || seen.sessions === 0) return;
    if (Date.now() > end) throw new Error(`${server} still has ${seen.sessions} sessions`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
