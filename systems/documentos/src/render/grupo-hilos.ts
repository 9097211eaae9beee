import { Worker } from 'node:worker_threads';
import { saturado } from '../fallas.ts';
import type { Pedido, Respuesta } from './trabajo.ts';

export type PartesGrupo = {
  /** Threads that render at the same time. */
  readonly hilos: number;
  /** Requests that may wait for a thread; one more is refused with 503. */
  readonly esperaMaxima: number;
  /** The module each thread runs. */
  readonly modulo: URL;
  /** A document that takes longer is given up and its thread replaced. */
  readonly plazoMs: number;
};

type Tarea = {
  readonly pedido: Pedido;
  readonly cumplir: (bytes: Uint8Array) => void;
  readonly rechazar: (error: Error) => void;
};

/** A document needs little; without a bound V8 lets the short-lived garbage of each thread grow by some 50 MB. */
const LIMITES = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

/** Pause before a thread that failed while loading is started again. */
const REPOSICION_MS = 1_000;

/** A fixed number of render threads with one queue. A thread that dies fails only its own document and is replaced. */
export class GrupoHilos {
  readonly #partes: PartesGrupo;
  readonly #cola: Tarea[] = [];
  readonly #libres: Worker[] = [];
  readonly #ocupados = new Map<Worker, { readonly tarea: Tarea; readonly alarma: NodeJS.Timeout }>();
  readonly #todos = new Set<Worker>();
  #cerrado = false;

  private constructor(partes: PartesGrupo) {
    this.#partes = partes;
  }

  /** Starts the threads and waits until each has loaded its code, so that no request pays for it. */
  static async abrir(partes: PartesGrupo): Promise<GrupoHilos> {
    const grupo = new GrupoHilos(partes);
    await Promise.all(Array.from({ length: partes.hilos }, () => grupo.#arrancar()));
    return grupo;
  }

  /** Requests that wait for a thread now. */
  get enEspera(): number {
    return this.#cola.length;
  }

  /** The bytes of the document. Rejects with Saturado when too many wait, and when the thread fails. */
  hacer(pedido: Pedido): Promise<Uint8Array> {
    if (this.#cerrado) return Promise.reject(new Error('el grupo de hilos está cerrado'));
    if (this.#cola.length >= this.#partes.esperaMaxima) return Promise.reject(saturado());
    return new Promise((cumplir, rechazar) => {
      this.#cola.push({ pedido, cumplir, rechazar });
      this.#repartir();
    });
  }

  /** Ends every thread; what still waits or runs is rejected. */
  async cerrar(): Promise<void> {
    this.#cerrado = true;
    for (const { rechazar } of this.#cola.splice(0)) rechazar(new Error('el servicio se detiene'));
    await Promise.all([...this.#todos].map((hilo) => hilo.terminate()));
  }

  #arrancar(): Promise<void> {
    const hilo = new Worker(this.#partes.modulo, { resourceLimits: LIMITES });
    this.#todos.add(hilo);
    return new Promise((listo, error) => {
      let ultimo: Error | undefined;
      hilo.on('message', (respuesta: Respuesta) => {
        if (respuesta.kind !== 'listo') return this.#terminar(hilo, respuesta);
        this.#libres.push(hilo);
        this.#repartir();
        listo();
      });
      hilo.on('error', (causa: Error) => {
        ultimo = causa;
      });
      hilo.on('exit', (codigo) => {
        const causa = ultimo ?? new Error(`el hilo terminó con código ${codigo}`);
        error(causa);
        this.#perder(hilo, causa);
      });
    });
  }

  #repartir(): void {
    while (this.#libres.length > 0 && this.#cola.length > 0) {
      const hilo = this.#libres.pop() as Worker;
      const tarea = this.#cola.shift() as Tarea;
      const alarma = setTimeout(() => void hilo.terminate(), this.#partes.plazoMs);
      this.#ocupados.set(hilo, { tarea, alarma });
      hilo.postMessage(tarea.pedido);
    }
  }

  #terminar(hilo: Worker, respuesta: Exclude<Respuesta, { kind: 'listo' }>): void {
    const tarea = this.#soltar(hilo);
    this.#libres.push(hilo);
    if (respuesta.kind === 'hecho') tarea?.cumplir(respuesta.bytes);
    else tarea?.rechazar(new Error(respuesta.motivo));
    this.#repartir();
  }

  #perder(hilo: Worker, causa: Error): void {
    const estabaListo = this.#ocupados.has(hilo) || this.#libres.includes(hilo);
    this.#todos.delete(hilo);
    const puesto = this.#libres.indexOf(hilo);
    if (puesto >= 0) this.#libres.splice(puesto, 1);
    this.#soltar(hilo)?.rechazar(causa);
    if (estabaListo) this.#reponer();
  }

  /** Starts a thread in place of one that died; one that cannot even load is tried again after a pause. */
  #reponer(): void {
    if (this.#cerrado) return;
    this.#arrancar().catch(() => setTimeout(() => this.#reponer(), REPOSICION_MS).unref());
  }

  #soltar(hilo: Worker): Tarea | undefined {
    const ocupado = this.#ocupados.get(hilo);
    clearTimeout(ocupado?.alarma);
    this.#ocupados.delete(hilo);
    return ocupado?.tarea;
  }
}
