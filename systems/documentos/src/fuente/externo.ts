import pRetry from 'p-retry';
import { type Dispatcher, request } from 'undici';
import { contratoRoto, type ServicioExterno, servicioNoDisponible } from '../fallas.ts';
import type { EstadoDependencia } from './fuente.ts';

const SONDA_MS = 3_000;

export type PartesExterno = {
  readonly nombre: ServicioExterno;
  readonly url: string;
  readonly timeoutMs: number;
  /** Attempts in total, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt, in ms; doubled for each one after it. */
  readonly baseMs: number;
  readonly dispatcher: Dispatcher;
  readonly contar: (servicio: ServicioExterno, resultado: string) => void;
};

/** What an upstream has at a path: its JSON with the text it came as, or nothing (404). */
export type Hallazgo = { readonly json: unknown; readonly texto: string } | undefined;

/** An answer that may be different a moment later: no answer, 429 or 5xx. */
class Pasajero extends Error {}

/** One upstream service over HTTP. */
export class Externo {
  readonly #partes: PartesExterno;

  constructor(partes: PartesExterno) {
    this.#partes = partes;
  }

  /**
   * GETs `camino`, again after network errors, 429 and 5xx. Throws ServiceUnavailable when the attempts are used up or
   * the answer is an unexpected status, and UpstreamContractError when it is not JSON.
   */
  async pedir(camino: string): Promise<Hallazgo> {
    const { nombre, attempts, baseMs } = this.#partes;
    try {
      return await pRetry(() => this.#unaVez(camino), {
        retries: attempts - 1,
        minTimeout: baseMs,
        factor: 2,
        randomize: false,
        shouldRetry: ({ error }) => error instanceof Pasajero,
      });
    } catch (error) {
      if (error instanceof Pasajero) throw servicioNoDisponible(nombre, error.message, error.cause);
      throw error;
    }
  }

  async #unaVez(camino: string): Promise<Hallazgo> {
    const { nombre, url, timeoutMs } = this.#partes;
    const { status, texto } = await this.#traer(`${url}${camino}`, timeoutMs);
    this.#partes.contar(nombre, String(status));
    if (status === 404) return undefined;
    if (status === 429 || status >= 500) throw new Pasajero(`HTTP ${status}`);
    if (status !== 200) throw servicioNoDisponible(nombre, `HTTP ${status}`);
    try {
      return { json: JSON.parse(texto), texto };
    } catch {
      throw contratoRoto(nombre, 'la respuesta no es JSON');
    }
  }

  async #traer(url: string, timeoutMs: number): Promise<{ readonly status: number; readonly texto: string }> {
    const { nombre, dispatcher, contar } = this.#partes;
    try {
      const respuesta = await request(url, {
        dispatcher,
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: respuesta.statusCode, texto: await respuesta.body.text() };
    } catch (cause) {
      contar(nombre, 'error');
      throw new Pasajero(motivo(cause, timeoutMs), { cause });
    }
  }

  /** One probe of `/health`, without retry: no answer within 3 s is unhealthy, another status than 200 is degraded. */
  async estado(): Promise<EstadoDependencia> {
    const { url, dispatcher } = this.#partes;
    try {
      const respuesta = await request(`${url}/health`, { dispatcher, signal: AbortSignal.timeout(SONDA_MS) });
      await respuesta.body.dump();
      const code = respuesta.statusCode;
      return { status: code === 200 ? 'healthy' : 'degraded', url, code };
    } catch (error) {
      return { status: 'unhealthy', url, message: motivo(error, SONDA_MS) };
    }
  }
}

function motivo(error: unknown, timeoutMs: number): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return `sin respuesta en ${timeoutMs / 1000} s`;
  return code ?? message;
}
