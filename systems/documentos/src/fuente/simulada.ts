import { alumnoNoEncontrado } from '../fallas.ts';
import { ALUMNOS, CARRERAS, DNI, FACULTAD, type FilaAlumno, UNIVERSIDAD } from './datos-simulados.ts';
import type { AlumnoConEspecialidad, Fuente } from './fuente.ts';

/** Mock mode: the fixed students, no network, no cache. */
export function fuenteSimulada(): Fuente {
  const porId = new Map(ALUMNOS.map((fila) => [fila.id, conEspecialidad(fila)]));
  return {
    alumno: async (id) => {
      const alumno = porId.get(id);
      if (!alumno) throw alumnoNoEncontrado(id);
      return alumno;
    },
    dependencias: async () => undefined,
    cerrar: async () => {},
  };
}

function conEspecialidad({ carrera, ...datos }: FilaAlumno): AlumnoConEspecialidad {
  const { id, nombre } = CARRERAS[carrera];
  const especialidad = { id, nombre, facultad: FACULTAD, universidad: UNIVERSIDAD };
  return { alumno: { ...datos, tipoDocumento: DNI, especialidad }, especialidad };
}
