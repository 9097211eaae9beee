import { z } from 'zod';
import type { Especialidad, Lectura, LugarPorDefecto } from './alumno.ts';
import { identificador, primerProblema, texto } from './campos.ts';

const universidad = z.union([texto(100), z.object({ nombre: texto(100) })]).nullish();

const facultad = z.union([
  texto(100),
  z.object({ nombre: texto(100), ciudad: texto(100), provincia: texto(100), universidad }),
]);

/** Both published shapes: the name is in `nombre` (A) or `especialidad` (B); facultad is a text or an object. */
export const especialidadAjena = z.object({
  id: identificador.nullish(),
  nombre: texto(100),
  especialidad: texto(100),
  facultad: facultad.nullish(),
  universidad,
});
export type EspecialidadAjena = z.infer<typeof especialidadAjena>;

/** Reads an especialidad of the académica service; missing place and university come from `defecto`. */
export function leerEspecialidad(json: unknown, defecto: LugarPorDefecto): Lectura<Especialidad> {
  const parsed = especialidadAjena.safeParse(json);
  if (!parsed.success) return { kind: 'ajeno', problema: primerProblema(parsed.error) };
  return completarEspecialidad(parsed.data, defecto);
}

/** The especialidad, or what it lacks: its name or the name of its facultad. */
export function completarEspecialidad(ajena: EspecialidadAjena, defecto: LugarPorDefecto): Lectura<Especialidad> {
  const nombre = ajena.nombre || ajena.especialidad;
  const sede = typeof ajena.facultad === 'string' ? { nombre: ajena.facultad } : ajena.facultad;
  if (!nombre || !sede?.nombre) {
    const faltantes = [nombre ? [] : ['especialidad.nombre'], sede?.nombre ? [] : ['especialidad.facultad']].flat();
    return { kind: 'incompleto', faltantes };
  }
  const { ciudad, provincia, universidad: casa } = { ciudad: null, provincia: null, universidad: null, ...sede };
  const valor: Especialidad = {
    id: ajena.id ?? undefined,
    nombre,
    facultad: { nombre: sede.nombre, ciudad: ciudad || defecto.ciudad, provincia: provincia || defecto.provincia },
    universidad: { nombre: nombreDe(casa) || nombreDe(ajena.universidad) || defecto.universidad },
  };
  return { kind: 'completo', valor };
}

function nombreDe(casa: z.infer<typeof universidad>): string | null | undefined {
  return typeof casa === 'string' ? casa : casa?.nombre;
}
