import { ALUMNOS, CARRERAS, DNI, FACULTAD, type FilaAlumno, UNIVERSIDAD } from '../src/fuente/datos-simulados.ts';

/** In which of the published ways the stub writes a student. */
type Forma = 'anidada' | 'por-id' | 'id-anidado' | 'B';

/** Every way occurs, so that whoever deploys in real mode meets both contracts. */
const FORMAS: Readonly<Record<number, Forma>> = { 2: 'B', 3: 'por-id', 8: 'B', 13: 'id-anidado', 34: 'B' };

/** A student without apellido and legajo, for the answer 422. */
export const ID_INCOMPLETO = 90;
/** A student whose especialidad does not exist. */
export const ID_SIN_ESPECIALIDAD = 91;

/** The students by id, as the JSON that the alumnos service would send. */
export function alumnosDelPadron(): Map<number, unknown> {
  const filas = ALUMNOS.map((fila) => [fila.id, alumno(fila, FORMAS[fila.id] ?? 'anidada')] as const);
  return new Map<number, unknown>([
    ...filas,
    [
      ID_INCOMPLETO,
      { id: ID_INCOMPLETO, nombre: 'Inés', nrodocumento: '40111222', tipo_documento: DNI, especialidad_id: 1 },
    ],
    [ID_SIN_ESPECIALIDAD, { ...alumnoGenerado(ID_SIN_ESPECIALIDAD), especialidad_id: 99 }],
  ]);
}

/** The especialidades by id: the first two in shape A, the others in shape B. */
export function especialidadesDelPadron(): Map<number, unknown> {
  const filas = Object.values(CARRERAS).map(({ id, nombre, letra }) => {
    const formaA = { id, nombre, letra, observacion: null, facultad: { ...FACULTAD, universidad: UNIVERSIDAD } };
    const formaB = { id, especialidad: nombre, facultad: FACULTAD.nombre, universidad: UNIVERSIDAD.nombre };
    return [id, id <= 2 ? formaA : formaB] as const;
  });
  return new Map<number, unknown>(filas);
}

/** Some valid student with any id. */
export function alumnoGenerado(id: number): Readonly<Record<string, unknown>> {
  return {
    id,
    nombre: 'Ángela',
    apellido: `Ordóñez ${id}`,
    nrodocumento: String(40_000_000 + (id % 1_000_000)),
    legajo: String(10_000 + (id % 90_000)),
    tipo_documento: DNI,
    especialidad_id: CARRERAS.ISI.id,
  };
}

function alumno(fila: FilaAlumno, forma: Forma): unknown {
  const { id, nombre, apellido, nrodocumento, legajo, carrera } = fila;
  const { id: especialidad_id, nombre: nombreCarrera, letra } = CARRERAS[carrera];
  if (forma === 'B') {
    const numeros = { nro_documento: Number(nrodocumento), nro_legajo: Number(legajo) };
    return { id, nombre, apellido, ...numeros, tipo_documento: DNI.sigla, sexo: 'X', especialidad_id };
  }
  const formaA = { id, nombre, apellido, nrodocumento, legajo, tipo_documento: DNI };
  if (forma === 'por-id') return { ...formaA, especialidad_id };
  if (forma === 'id-anidado') return { ...formaA, especialidad: { id: especialidad_id } };
  const especialidad = {
    id: especialidad_id,
    nombre: nombreCarrera,
    letra,
    observacion: null,
    facultad: FACULTAD.nombre,
  };
  return { ...formaA, especialidad };
}
