import { setTimeout as esperar } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { Redis } from 'ioredis';
import type { EstadoDependencia } from './fuente.ts';

const TIEMPO_MAXIMO_MS = 5_000;
const SONDA_MS = 3_000;
const ESPERA_MAXIMA_MS = 2_000;
const CERRADA = 'conexión cerrada';

export type ConexionRedis = {
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
  readonly db: number;
};

/**
 * A cache that may be absent: nothing here throws. It connects by itself, now and after every loss, and while it is
 * away reads find nothing and writes do nothing, at once.
 */
export class Cache {
  readonly #redis: Redis;
  readonly #log: FastifyBaseLogger;
  #ultimoError: string | undefined;
  #avisado = false;

  constructor({ host, port, password, db }: ConexionRedis, log: FastifyBaseLogger) {
    this.#log = log;
    this.#redis = new Redis({
      host,
      port,
      db,
      ...(password === undefined ? {} : { password }),
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: TIEMPO_MAXIMO_MS,
      commandTimeout: TIEMPO_MAXIMO_MS,
      retryStrategy: (vez) => Math.min(vez * 100, ESPERA_MAXIMA_MS),
    });
    this.#redis.on('error', (error: Error) => this.#perdida(error));
    this.#redis.on('close', () => this.#perdida(new Error(CERRADA)));
    this.#redis.on('ready', () => this.#recuperada());
    this.#redis.connect().catch((error: Error) => this.#perdida(error));
  }

  async leer(clave: string): Promise<string | undefined> {
    return (await this.#intentar((redis) => redis.get(clave))) ?? undefined;
  }

  /** Keeps `valor` for `segundos`. */
  async guardar(clave: string, valor: string, segundos: number): Promise<void> {
    await this.#intentar((redis) => redis.set(clave, valor, 'EX', segundos));
  }

  async borrar(clave: string): Promise<void> {
    await this.#intentar((redis) => redis.del(clave));
  }

  /** Asks over the connection it has; a health check must not open another one. */
  async estado(): Promise<EstadoDependencia> {
    const tarde = esperar(SONDA_MS, 'tarde' as const, { ref: false });
    const respuesta = await Promise.race([this.#intentar((redis) => redis.ping()), tarde]);
    if (respuesta === 'PONG') return { status: 'healthy' };
    const motivo = respuesta === 'tarde' ? `sin respuesta en ${SONDA_MS / 1000} s` : 'sin conexión';
    return { status: 'unhealthy', message: this.#ultimoError ?? motivo };
  }

  cerrar(): void {
    this.#avisado = true;
    this.#redis.disconnect();
  }

  async #intentar<T>(orden: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (this.#redis.status !== 'ready') return undefined;
    try {
      return await orden(this.#redis);
    } catch (error) {
      this.#perdida(error as Error);
      // A server that accepts and never answers would cost every certificate the whole timeout; after a new
      // connection it only counts again once it has answered.
      if ((error as Error).message === 'Command timed out') this.#redis.disconnect(true);
      return undefined;
    }
  }

  #perdida(error: Error): void {
    // What closed the connection says more than that it is closed.
    if (error.message !== CERRADA || this.#ultimoError === undefined) this.#ultimoError = textoDe(error);
    if (this.#avisado) return;
    this.#avisado = true;
    this.#log.warn({ reason: this.#ultimoError }, 'Redis no disponible: se sigue sin caché');
  }

  #recuperada(): void {
    if (this.#avisado) this.#log.info('Redis disponible otra vez');
    this.#avisado = false;
    this.#ultimoError = undefined;
  }
}

function textoDe({ message, name, code }: NodeJS.ErrnoException): string {
  return message || code || name;
}
