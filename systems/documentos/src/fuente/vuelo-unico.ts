/** Runs one task a key at a time: callers that ask while it runs get the same promise. */
export class VueloUnico {
  readonly #enCurso = new Map<string, Promise<unknown>>();

  /** The result of `tarea`, or of the one already running for `clave`; one key must always have one result type. */
  correr<T>(clave: string, tarea: () => Promise<T>): Promise<T> {
    const vuelo = this.#enCurso.get(clave) as Promise<T> | undefined;
    if (vuelo) return vuelo;
    const nuevo = tarea().finally(() => this.#enCurso.delete(clave));
    this.#enCurso.set(clave, nuevo);
    return nuevo;
  }
}
