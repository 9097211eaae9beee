/** The faculty that teaches an especialidad, with the place where certificates are issued. */
export type Facultad = { readonly nombre: string; readonly ciudad: string; readonly provincia: string };

export type Universidad = { readonly nombre: string };

export type Especialidad = {
  readonly id: number | undefined;
  readonly nombre: string;
  readonly facultad: Facultad;
  readonly universidad: Universidad;
};

export type TipoDocumento = { readonly sigla: string; readonly nombre: string };

/** A student as the alumnos service knows it; the especialidad may still have to be asked for by its id. */
export type Alumno = {
  readonly id: number;
  readonly nombre: string;
  readonly apellido: string;
  readonly nrodocumento: string;
  readonly legajo: string;
  readonly tipoDocumento: TipoDocumento;
  readonly especialidad: Especialidad | { readonly soloId: number };
};

/** Values for what an upstream leaves out; from FACULTAD_* of the environment. */
export type LugarPorDefecto = { readonly ciudad: string; readonly provincia: string; readonly universidad: string };

/** What came of reading one upstream document. */
export type Lectura<T> =
  | { readonly kind: 'completo'; readonly valor: T }
  | { readonly kind: 'incompleto'; readonly faltantes: readonly string[] }
  | { readonly kind: 'ajeno'; readonly problema: string };
