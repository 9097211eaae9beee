import { Agent as HttpAgent, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import WebSocket from 'ws';

/** How a worker behaves. `pause` is between two requests; `fresh` opens a connection for each. */
export type WorkerKind = 'keep-alive' | 'think' | 'fresh' | 'post' | 'slow' | 'websocket';

export interface LoadOptions {
  readonly address: string;
  readonly port: number;
  readonly tls?: boolean;
  /** The Host header, and with TLS the name asked for. */
  readonly host: string;
  readonly workers?: Partial<Record<WorkerKind, number>>;
  /** Path for request number `n` of a kind. */
  readonly path?: (kind: WorkerKind, n: number) => string;
  /** Status that counts as answered well; default 200 for all. */
  readonly expected?: Partial<Record<WorkerKind, number>>;
  /** Milliseconds between two requests of one worker; default 20, 5 for `keep-alive`. */
  readonly pauseMs?: Partial<Record<WorkerKind, number>>;
  readonly postBytes?: number;
  readonly timeoutMs?: number;
  /** Requests come from this many loopback addresses, as from so many clients; default 1. */
  readonly clients?: number;
}

export interface Failure {
  /** Milliseconds since the load began, when the request was sent. */
  readonly at: number;
  readonly kind: WorkerKind;
  /** `status 503`, `reset`, `eof`, `timeout`, `refused`, `bad body`, `websocket 1006`, ... */
  readonly what: string;
  readonly path: string;
}

export interface LoadReport {
  readonly requests: number;
  readonly failures: readonly Failure[];
  readonly byKind: Readonly<Record<string, number>>;
  /** Answers by the instance that gave them (its X-Instance header). */
  readonly byInstance: Readonly<Record<string, number>>;
  /** Websockets that the server closed in order (1000, 1001) and that were opened again. */
  readonly handovers: number;
  readonly seconds: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
}

export interface Load {
  /** `performance.now()` when the last request was sent that `instance` answered; undefined when none was. */
  lastSentTo(isIt: (instance: string) => boolean): number | undefined;
  /** Instances that answered since `since` (`performance.now()`). */
  answering(since: number): readonly string[];
  requests(): number;
  failures(): readonly Failure[];
  /** Ends after the requests in flight were answered. */
  stop(): Promise<LoadReport>;
}

const defaults: Readonly<Record<WorkerKind, number>> = {
  'keep-alive': 2,
  think: 4,
  fresh: 4,
  post: 2,
  slow: 2,
  websocket: 1,
};
const pauses: Readonly<Record<WorkerKind, number>> = {
  'keep-alive': 5,
  think: 20,
  fresh: 20,
  post: 20,
  slow: 20,
  websocket: 0,
};

/** Starts steady load. It counts strictly: every answer but the expected one and every broken connection is a failure. */
export function startLoad(options: LoadOptions): Load {
  const state = new State();
  const running: Promise<void>[] = [];
  for (const [kind, byDefault] of Object.entries(defaults) as [WorkerKind, number][]) {
    const count = options.workers === undefined ? byDefault : (options.workers[kind] ?? 0);
    for (let index = 0; index < count; index++) {
      running.push(
        kind === 'websocket' ? holdWebsocket(options, state) : work({ options, state, kind, client: running.length }),
      );
    }
  }
  return {
    lastSentTo: (isIt) => state.lastSentTo(isIt),
    answering: (since) => [...state.lastAnswer].filter(([, at]) => at >= since).map(([instance]) => instance),
    requests: () => state.requests,
    failures: () => state.failures,
    stop: async () => {
      state.stopping.abort();
      await Promise.all(running);
      return state.report();
    },
  };
}

class State {
  readonly startedAt = performance.now();
  readonly stopping = new AbortController();
  readonly failures: Failure[] = [];
  readonly lastSent = new Map<string, number>();
  readonly lastAnswer = new Map<string, number>();
  readonly answers = new Map<string, number>();
  readonly kinds = new Map<string, number>();
  readonly #latencies: number[] = [];
  requests = 0;
  handovers = 0;
  #next = 0;

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  next(): number {
    return this.#next++;
  }

  answered(kind: WorkerKind, instance: string, sentAt: number): void {
    this.requests += 1;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (kind !== 'slow') this.#latencies.push(performance.now() - sentAt);
    if (instance === '') return;
    this.answers.set(instance, (this.answers.get(instance) ?? 0) + 1);
    this.lastAnswer.set(instance, performance.now());
    if (sentAt > (this.lastSent.get(instance) ?? 0)) this.lastSent.set(instance, sentAt);
  }

  failed(kind: WorkerKind, what: string, path: string, sentAt: number): void {
    this.failures.push({ at: Math.round(sentAt - this.startedAt), kind, what, path });
  }

  lastSentTo(isIt: (instance: string) => boolean): number | undefined {
    const times = [...this.lastSent].filter(([instance]) => isIt(instance)).map(([, at]) => at);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  report(): LoadReport {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return {
      requests: this.requests,
      failures: this.failures,
      byKind: Object.fromEntries(this.kinds),
      byInstance: Object.fromEntries(this.answers),
      handovers: this.handovers,
      seconds: (performance.now() - this.startedAt) / 1000,
      latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    };
  }
}

interface Worker {
  readonly options: LoadOptions;
  readonly state: State;
  readonly kind: WorkerKind;
  readonly client: number;
}

async function work({ options, state, kind, client }: Worker): Promise<void> {
  const keepAlive = kind !== 'fresh';
  const agent = options.tls
    ? new HttpsAgent({ keepAlive, maxSockets: 1, rejectUnauthorized: false, servername: options.host })
    : new HttpAgent({ keepAlive, maxSockets: 1 });
  const localAddress = `127.0.0.${2 + (client % (options.clients ?? 1))}`;
  const body = kind === 'post' ? Buffer.alloc(options.postBytes ?? 20_000, 'x') : undefined;
  while (!state.stopped) {
    const path = options.path?.(kind, state.next()) ?? '/';
    const sentAt = performance.now();
    const outcome = await ask({ options, path, agent, body, localAddress });
    state.answered(kind, outcome.instance, sentAt);
    const expected = options.expected?.[kind] ?? 200;
    if (outcome.error !== undefined) state.failed(kind, outcome.error, path, sentAt);
    else if (outcome.status !== expected) state.failed(kind, `status ${outcome.status}`, path, sentAt);
    await pause(options.pauseMs?.[kind] ?? pauses[kind], state.stopping.signal);
  }
  agent.destroy();
}

interface Ask {
  readonly options: LoadOptions;
  readonly path: string;
  readonly agent: HttpAgent;
  readonly body: Buffer | undefined;
  readonly localAddress: string;
}

interface Outcome {
  readonly status: number;
  readonly instance: string;
  readonly error: string | undefined;
}

function ask({ options, path, agent, body, localAddress }: Ask): Promise<Outcome> {
  const wanted: RequestOptions = {
    host: options.address,
    port: options.port,
    path,
    agent,
    localAddress,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      host: options.host,
      ...(body === undefined ? {} : { 'content-type': 'application/octet-stream', 'content-length': body.length }),
    },
    timeout: options.timeoutMs ?? 30_000,
  };
  return new Promise((resolve) => {
    const broken = (error: NodeJS.ErrnoException) => resolve({ status: 0, instance: '', error: nameOf(error) });
    const request = (options.tls ? requestHttps : requestHttp)(wanted, (answer) => {
      const instance = String(answer.headers['x-instance'] ?? '');
      let received = 0;
      answer.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      answer.once('error', broken);
      answer.once('aborted', () => resolve({ status: 0, instance, error: 'cut' }));
      answer.once('end', () => {
        const promised = answer.headers['content-length'];
        const whole = promised === undefined || Number(promised) === received;
        resolve({ status: answer.statusCode ?? 0, instance, error: whole ? undefined : 'bad body' });
      });
    });
    request.once('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    request.once('error', broken);
    request.end(body);
  });
}

function nameOf(error: NodeJS.ErrnoException): string {
  const names: Readonly<Record<string, string>> = { ECONNRESET: 'reset', ECONNREFUSED: 'refused', TIMEOUT: 'timeout' };
  if (error.message === 'socket hang up') return 'eof';
  return names[error.code ?? ''] ?? error.message;
}

/** Keeps one websocket open; opens it again when the server closes it in order. */
async function holdWebsocket(options: LoadOptions, state: State): Promise<void> {
  const path = options.path?.('websocket', 0) ?? '/';
  const url = `${options.tls ? 'wss' : 'ws'}://${options.address}:${options.port}${path}`;
  while (!state.stopped) {
    const sentAt = performance.now();
    const code = await oneWebsocket({ url, options, state });
    if (state.stopped) return;
    if (code === 1000 || code === 1001) state.handovers += 1;
    else state.failed('websocket', `websocket ${code}`, path, sentAt);
    await pause(50, state.stopping.signal);
  }
}

function oneWebsocket({
  url,
  options,
  state,
}: {
  url: string;
  options: LoadOptions;
  state: State;
}): Promise<number | string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, {
      headers: { host: options.host },
      rejectUnauthorized: false,
    });
    let lastError = '';
    socket.once('open', () => {
      state.requests += 1;
      state.kinds.set('websocket', (state.kinds.get('websocket') ?? 0) + 1);
    });
    socket.on('error', (error) => {
      lastError = error.message;
    });
    socket.once('close', (code) => resolve(lastError || code));
    const end = () => socket.close(1000);
    if (state.stopped) end();
    else state.stopping.signal.addEventListener('abort', end, { once: true });
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** The report in lines for people: totals, then failures counted by what went wrong. */
export function renderReport(report: LoadReport): string {
  const counted = new Map<string, number>();
  for (const failure of report.failures) {
    const key = `${failure.kind}: ${failure.what}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const kinds = Object.entries(report.byKind).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${report.requests} requests in ${report.seconds.toFixed(1)} s (${kinds.join(', ')}), ${report.handovers} websocket handovers`,
    `p50 ${report.latencyMs.p50.toFixed(1)} ms, p95 ${report.latencyMs.p95.toFixed(1)} ms, p99 ${report.latencyMs.p99.toFixed(1)} ms, max ${report.latencyMs.max.toFixed(0)} ms`,
    `${report.failures.length} failed${counted.size === 0 ? '' : `: ${[...counted].map(([key, count]) => `${count} x ${key}`).join(', ')}`}`,
  ].join('\n');
}
