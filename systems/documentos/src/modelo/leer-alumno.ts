import { z } from 'zod';
import type { Alumno, Lectura, LugarPorDefecto, TipoDocumento } from './alumno.ts';
import { identificador, numeroOTexto, primerProblema, texto } from './campos.ts';
import { completarEspecialidad, especialidadAjena } from './leer-especialidad.ts';

/** Both published shapes at once: `nrodocumento`/`legajo` (A) or `nro_documento`/`nro_legajo` (B). */
const alumnoAjeno = z.object({
  id: identificador,
  nombre: texto(50),
  apellido: texto(50),
  nrodocumento: numeroOTexto(50),
  nro_documento: numeroOTexto(50),
  legajo: numeroOTexto(50),
  nro_legajo: numeroOTexto(50),
  tipo_documento: z.union([texto(50), z.object({ sigla: texto(10), nombre: texto(50) })]).nullish(),
  especialidad: z.union([identificador, especialidadAjena]).nullish(),
  especialidad_id: identificador.nullish(),
});
type AlumnoAjeno = z.infer<typeof alumnoAjeno>;

/** Reads a student of the alumnos service. A student with another id than `id` is refused: it is another person. */
export function leerAlumno(json: unknown, id: number, defecto: LugarPorDefecto): Lectura<Alumno> {
  const parsed = alumnoAjeno.safeParse(json);
  if (!parsed.success) return { kind: 'ajeno', problema: primerProblema(parsed.error) };
  const ajeno = parsed.data;
  if (ajeno.id !== id) return { kind: 'ajeno', problema: `id: se pidió ${id} y llegó ${ajeno.id}` };

  const partes = {
    nombre: ajeno.nombre,
    apellido: ajeno.apellido,
    nrodocumento: ajeno.nrodocumento || ajeno.nro_documento,
    legajo: ajeno.legajo || ajeno.nro_legajo,
    tipo_documento: tipoDocumento(ajeno.tipo_documento),
    especialidad: especialidadDe(ajeno, defecto),
  };
  const { nombre, apellido, nrodocumento, legajo, tipo_documento, especialidad } = partes;
  if (nombre && apellido && nrodocumento && legajo && tipo_documento && especialidad) {
    const valor = { id, nombre, apellido, nrodocumento, legajo, tipoDocumento: tipo_documento, especialidad };
    return { kind: 'completo', valor };
  }
  return { kind: 'incompleto', faltantes: Object.entries(partes).flatMap(([campo, valor]) => (valor ? [] : [campo])) };
}

function tipoDocumento(ajeno: AlumnoAjeno['tipo_documento']): TipoDocumento | undefined {
  if (!ajeno) return undefined;
  if (typeof ajeno === 'string') return { sigla: ajeno, nombre: ajeno };
  const sigla = ajeno.sigla || ajeno.nombre;
  return sigla ? { sigla, nombre: ajeno.nombre || sigla } : undefined;
}

function especialidadDe(ajeno: AlumnoAjeno, defecto: LugarPorDefecto): Alumno['especialidad'] | undefined {
  const { especialidad, especialidad_id } = ajeno;
  if (typeof especialidad === 'number') return { soloId: especialidad };
  if (especialidad) {
    const lectura = completarEspecialidad(especialidad, defecto);
    if (lectura.kind === 'completo') return lectura.valor;
    if (especialidad.id) return { soloId: especialidad.id };
  }
  return especialidad_id ? { soloId: especialidad_id } : undefined;
}
