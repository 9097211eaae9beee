import { Fault } from '@timonel/kit/fault.ts';
import type { Formato } from './render/formatos.ts';

/** The names under which health and errors speak of the two upstream services. */
export type ServicioExterno = 'alumno_service' | 'especialidad_service';

export const idInvalido = (id: number): Fault =>
  new Fault({
    status: 400,
    error: 'InvalidId',
    message: 'El id de un alumno es un entero mayor que cero.',
    facts: { alumno_id: id },
  });

export const valorInvalido = (message: string): Fault => new Fault({ status: 400, error: 'ValueError', message });

export const noHayRuta = (): Fault => new Fault({ status: 404, error: 'NotFound', message: 'No existe esa ruta.' });

export const alumnoNoEncontrado = (id: number): Fault =>
  new Fault({
    status: 404,
    error: 'AlumnoNotFound',
    message: `No existe un alumno con id ${id}.`,
    facts: { alumno_id: id },
  });

export const especialidadNoEncontrada = (id: number): Fault =>
  new Fault({
    status: 404,
    error: 'EspecialidadNotFound',
    message: `No existe una especialidad con id ${id}.`,
    facts: { especialidad_id: id },
  });

export const datosIncompletos = (alumnoId: number, faltantes: readonly string[]): Fault =>
  new Fault({
    status: 422,
    error: 'DatosIncompletos',
    message: `Faltan datos del alumno ${alumnoId}: ${faltantes.join(', ')}.`,
    facts: { alumno_id: alumnoId, campos_faltantes: faltantes },
  });

export const servicioNoDisponible = (servicio: ServicioExterno, reason: string, cause?: unknown): Fault =>
  new Fault({
    status: 503,
    error: 'ServiceUnavailable',
    message: `El servicio ${servicio} no está disponible.`,
    facts: { service_name: servicio, reason },
    cause,
  });

/** The upstream answered, but not with what its contract says: retrying would not help. */
export const contratoRoto = (servicio: ServicioExterno, reason: string): Fault =>
  new Fault({
    status: 502,
    error: 'UpstreamContractError',
    message: `El servicio ${servicio} respondió algo que no se entiende.`,
    facts: { service_name: servicio, reason },
  });

export const generacionFallida = (formato: Formato, cause: unknown): Fault =>
  new Fault({
    status: 500,
    error: 'DocumentGenerationError',
    message: `No se pudo generar el documento ${formato}.`,
    facts: { document_type: formato },
    cause,
  });

export const saturado = (): Fault =>
  new Fault({
    status: 503,
    error: 'Saturado',
    message: 'Hay demasiados certificados en espera; pruebe de nuevo en un momento.',
    headers: { 'Retry-After': '1' },
  });
