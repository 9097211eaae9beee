import type { AddressInfo } from 'node:net';
import type { Service } from '@timonel/kit/service.ts';
import { crearPadron } from 'documentos-service/padron/padron.ts';
import { padronSettingsFrom } from 'documentos-service/padron/settings.ts';
import { crearDocumentos, type Entorno } from 'documentos-service/src/documentos.ts';
import { settingsFrom } from 'documentos-service/src/settings.ts';
import type { RedisLocal } from './redis-local.ts';
import { until } from './until.ts';

export type Variables = Readonly<Record<string, string>>;

/** One line of the request log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A service that listens on a loopback port inside this process. */
export class Running {
  readonly url: string;
  readonly log: readonly LogLine[];
  readonly #service: Service;

  constructor(service: Service, log: readonly LogLine[]) {
    this.#service = service;
    this.log = log;
    this.url = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`;
  }

  get(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  async json(path: string, init?: RequestInit): Promise<Readonly<Record<string, unknown>>> {
    const response = await this.get(path, init);
    return (await response.json()) as Readonly<Record<string, unknown>>;
  }

  certificado(id: number | string, formato = 'pdf'): Promise<Response> {
    return this.get(`/api/v1/certificado/${id}/${formato}`);
  }

  close(): Promise<void> {
    return this.#service.app.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The documentos service with one render thread. */
export async function startDocumentos(env: Variables, entorno: Entorno = {}): Promise<Running> {
  const log: LogLine[] = [];
  const settings = settingsFrom({ WORKERS: '1', LOG_LEVEL: 'DEBUG', ...env }, process.pid);
  const logSink = { write: (line: string) => void log.push(JSON.parse(line) as LogLine) };
  const service = await crearDocumentos(settings, { logSink, ...entorno });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  return new Running(service, log);
}

/** The stub of both upstream services, with its control endpoints. */
export class Padron extends Running {
  static async start(env: Variables = {}): Promise<Padron> {
    const settings = padronSettingsFrom({ STUB_CONTROL: 'true', LOG_LEVEL: 'ERROR', ...env }, process.pid);
    const service = crearPadron(settings, { write: () => {} });
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    return new Padron(service, []);
  }

  async calls(): Promise<{ readonly alumnos: number; readonly especialidades: number }> {
    return (await this.json('/control/calls')) as { alumnos: number; especialidades: number };
  }

  async next(what: 'fail' | 'hang', order: { service: string; times: number; status?: number }): Promise<void> {
    await this.#send('POST', `/control/${what}`, order);
  }

  /** Puts a document in place of the usual one, as the upstream would send it. */
  async serve(service: 'alumnos' | 'especialidades', id: number, document: unknown): Promise<void> {
    await this.#send('PUT', `/control/${service}/${id}`, document);
  }

  async #send(method: string, path: string, body: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.get(path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  }
}

/** Documentos in real mode over `padron`; with Redis it is ready once the cache is connected. */
export async function startReal(
  padron: Pick<Running, 'url'>,
  redis: Pick<RedisLocal, 'port'> | undefined,
  env: Variables = {},
): Promise<Running> {
  const documentos = await startDocumentos({
    ALUMNOS_HOST: padron.url,
    ACADEMICA_HOST: padron.url,
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redis?.port ?? 1),
    ...env,
  });
  if (redis) await until('documentos has its cache', async () => (await redisState(documentos)) === 'healthy');
  return documentos;
}

/** What the deep health check says of Redis. */
export async function redisState(documentos: Running): Promise<string | undefined> {
  const health = await documentos.json('/api/v1/health');
  return (health.dependencies as { redis?: { status: string } } | undefined)?.redis?.status;
}
