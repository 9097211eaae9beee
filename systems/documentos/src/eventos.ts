import type { Formato } from './render/formatos.ts';

/** What the stream of events says. */
export type Evento =
  | {
      readonly tipo: 'certificado';
      readonly alumno_id: number;
      readonly formato: Formato;
      readonly ms: number;
      readonly timestamp: string;
    }
  | { readonly tipo: 'latido'; readonly timestamp: string };

/** One listener: a websocket or a stream of server-sent events. */
export type Oyente = {
  readonly enviar: (texto: string) => void;
  /** The service stops: say so and end. */
  readonly despedir: () => void;
};

/** Passes each event on to every listener of this replica, with a heartbeat so that dead connections are noticed. */
export class Emisora {
  readonly #oyentes = new Set<Oyente>();
  readonly #latido: NodeJS.Timeout;
  #cerrada = false;

  constructor(latidoMs: number, reloj: () => Date) {
    this.#latido = setInterval(() => this.emitir({ tipo: 'latido', timestamp: reloj().toISOString() }), latidoMs);
    this.#latido.unref();
  }

  /** Adds a listener; the result takes it away again. One that comes while the service stops is sent off at once. */
  escuchar(oyente: Oyente): () => void {
    if (this.#cerrada) {
      oyente.despedir();
      return () => {};
    }
    this.#oyentes.add(oyente);
    return () => void this.#oyentes.delete(oyente);
  }

  emitir(evento: Evento): void {
    if (this.#oyentes.size === 0) return;
    const texto = JSON.stringify(evento);
    for (const oyente of this.#oyentes) oyente.enviar(texto);
  }

  cerrar(): void {
    this.#cerrada = true;
    clearInterval(this.#latido);
    for (const oyente of this.#oyentes) oyente.despedir();
    this.#oyentes.clear();
  }
}
