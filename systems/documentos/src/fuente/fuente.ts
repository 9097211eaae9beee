import type { Alumno, Especialidad } from '../modelo/alumno.ts';

/** A student together with the especialidad that the certificate names. */
export type AlumnoConEspecialidad = { readonly alumno: Alumno; readonly especialidad: Especialidad };

/** Where students come from. Throws the faults of the error table: 404, 422, 502, 503. */
export type Fuente = {
  alumno(id: number): Promise<AlumnoConEspecialidad>;
  /** What the deep health check lists; undefined in mock mode, which depends on nobody. */
  dependencias(): Promise<Readonly<Record<string, EstadoDependencia>> | undefined>;
  cerrar(): Promise<void>;
};

export type EstadoDependencia = {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly url?: string;
  readonly code?: number;
  readonly message?: string;
};
