import { Agent, type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '#world/clock.ts';
import { type Call, renderQuery } from './call.ts';
import type { Deadlines } from './deadlines.ts';
import { isNobodyHome, refusal, troubleOf } from './refusal.ts';

export interface EngineOptions {
  readonly socketPath: string;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
}

/** The engine's answer to a ping. */
export interface Greeting {
  readonly api: string;
  /** What the engine builds with unless asked otherwise. */
  readonly builder: 'classic' | 'buildkit';
}

/** Oldest API we speak (Docker 20.10) and the newest we were written against. */
const oldestApi = 1.41;
const newestApi = 1.48;

/**
 * The Engine API over its unix socket. Every call has a deadline and a name for messages; an engine that is just
 * restarting is waited for, since then nothing was asked yet. Why not a library: docs/decisions/0043-engine-client.md.
 */
export class Engine {
  readonly socketPath: string;
  readonly deadlines: Deadlines;
  readonly #clock: Clock;
  /** No kept connections: one that the engine dropped in its restart would fail the next call. */
  readonly #agent = new Agent({ keepAlive: false });
  #greeting: Promise<Greeting> | undefined;
  #knownApi: string | undefined;

  constructor(options: EngineOptions) {
    this.socketPath = options.socketPath;
    this.deadlines = options.deadlines;
    this.#clock = options.clock;
  }

  /** The answer as JSON. Throws DOCKER_REFUSED, DOCKER_TIMEOUT or DOCKER_UNREACHABLE. */
  async json<T>(call: Call): Promise<T> {
    return JSON.parse(await this.#whole(call)) as T;
  }

  /** For calls whose answer says nothing but success. */
  async done(call: Call): Promise<void> {
    await this.#whole(call);
  }

  /** The answer as it comes; the deadline covers only its beginning. Destroy it to hang up. */
  async stream(call: Call): Promise<IncomingMessage> {
    const headers = new AbortController();
    const deadlineMs = call.deadlineMs ?? this.deadlines.read;
    const timer = setTimeout(() => headers.abort(), deadlineMs);
    try {
      const response = await this.#answer(
        call,
        AbortSignal.any([headers.signal, ...(call.signal ? [call.signal] : [])]),
      );
      if (isSuccess(response)) return response;
      throw refusal(call, response, await text(response));
    } catch (error) {
      throw this.#named(call, error, { deadlineMs, late: headers.signal.aborted });
    } finally {
      clearTimeout(timer);
    }
  }

  /** A two-way connection (exec with input, attach): the raw socket after the engine has switched protocols. */
  async hijack(call: Call): Promise<Socket> {
    const deadlineMs = call.deadlineMs ?? this.deadlines.read;
    const timeout = AbortSignal.timeout(deadlineMs);
    try {
      return await this.#upgrade(call, timeout);
    } catch (error) {
      throw this.#named(call, error, { deadlineMs, late: timeout.aborted });
    }
  }

  /** As `apiVersion`, for those who cannot wait; undefined until the engine has been asked something. */
  get knownApi(): string | undefined {
    return this.#knownApi;
  }

  /** Version of the API that we and the engine share, `1.41`. */
  async apiVersion(): Promise<string> {
    return (await this.greeting()).api;
  }

  /** What the engine says of itself, asked once. */
  greeting(): Promise<Greeting> {
    this.#greeting ??= this.#greet().catch((error: unknown) => {
      this.#greeting = undefined;
      throw error;
    });
    return this.#greeting;
  }

  /** Is the engine there right now? Throws why not. */
  async ping(): Promise<void> {
    const call: Call = { what: 'ping', method: 'GET', path: '/_ping', deadlineMs: this.deadlines.ping };
    await this.#whole(call);
  }

  /** Is it? */
  answers(): Promise<boolean> {
    return this.ping().then(
      () => true,
      () => false,
    );
  }

  close(): void {
    this.#agent.destroy();
  }

  async #whole(call: Call): Promise<string> {
    const deadlineMs = call.deadlineMs ?? (call.method === 'GET' ? this.deadlines.read : this.deadlines.change);
    const timeout = AbortSignal.timeout(deadlineMs);
    try {
      const response = await this.#answer(call, AbortSignal.any([timeout, ...(call.signal ? [call.signal] : [])]));
      const body = await text(response);
      if (isSuccess(response)) return body;
      throw refusal(call, response, body);
    } catch (error) {
      throw this.#named(call, error, { deadlineMs, late: timeout.aborted });
    }
  }

  async #answer(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const path = call.path === '/_ping' ? call.path : `/v${await this.apiVersion()}${call.path}`;
    const until = this.#clock.now() + this.deadlines.reconnect;
    for (;;) {
      try {
        return await this.#send(call, path, signal);
      } catch (error) {
        const isRepeatable = isNobodyHome(error) && call.path !== '/_ping' && call.upload === undefined;
        if (!isRepeatable || signal.aborted || this.#clock.now() >= until) throw error;
        await this.#clock.wait(100, signal);
      }
    }
  }

  #send(call: Call, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    return new Promise((resolve, reject) => {
      const request = openRequest({
        socketPath: this.socketPath,
        agent: this.#agent,
        method: call.method,
        path: path + renderQuery(call.query),
        headers: { host: 'docker', ...contentHeaders(call, body), ...call.headers },
        signal,
      });
      request.once('response', resolve).once('error', reject);
      if (call.upload === undefined) request.end(body);
      else upload(call.upload, request);
    });
  }

  async #upgrade(call: Call, signal: AbortSignal): Promise<Socket> {
    const path = `/v${await this.apiVersion()}${call.path}${renderQuery(call.query)}`;
    const body = JSON.stringify(call.body ?? {});
    return new Promise((resolve, reject) => {
      const request = openRequest({
        socketPath: this.socketPath,
        agent: this.#agent,
        method: call.method,
        path,
        headers: { host: 'docker', ...contentHeaders(call, body), connection: 'Upgrade', upgrade: 'tcp' },
      });
      signal.addEventListener('abort', () => request.destroy(new Error('no answer')), { once: true });
      request.once('error', reject).once('upgrade', (_response, socket: Socket, head: Buffer) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      request.once('response', (response) => {
        text(response).then((said) => reject(refusal(call, response, said)), reject);
      });
      request.end(body);
    });
  }

  async #greet(): Promise<Greeting> {
    const call: Call = { what: 'ping', method: 'GET', path: '/_ping', deadlineMs: this.deadlines.ping };
    const response = await this.stream(call);
    response.resume();
    const offered = Number(response.headers['api-version'] ?? oldestApi);
    const api = Math.min(Math.max(offered, oldestApi), newestApi).toFixed(2);
    this.#knownApi = api;
    return {
      api,
      builder: response.headers['builder-version'] === '2' ? 'buildkit' : 'classic',
    };
  }

  #named(call: Call, error: unknown, how: { readonly deadlineMs: number; readonly late: boolean }): unknown {
    const isOurs = error instanceof Error && error.name === 'TimonelError';
    return isOurs ? error : troubleOf({ call, socketPath: this.socketPath, error, ...how });
  }
}

/**
 * Sends nothing before the engine asks for it. One that refuses answers at once and hangs up, and to write on would lose
 * the answer, which is the error that counts.
 */
function upload(source: Readable, request: ClientRequest): void {
  request.once('continue', () => {
    pipeline(source, request).catch(() => undefined);
  });
  request.once('close', () => source.destroy());
}

function isSuccess(response: IncomingMessage): boolean {
  const status = response.statusCode ?? 0;
  return (status >= 200 && status < 300) || status === 304;
}

function contentHeaders(call: Call, body: string | undefined): Record<string, string> {
  if (call.upload !== undefined) return { 'content-type': 'application/x-tar', expect: '100-continue' };
  return body === undefined
    ? {}
    : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` };
}
