import {
  alumnoNoEncontrado,
  contratoRoto,
  datosIncompletos,
  especialidadNoEncontrada,
  type ServicioExterno,
} from '../fallas.ts';
import type { Alumno, Especialidad, Lectura, LugarPorDefecto } from '../modelo/alumno.ts';
import { leerAlumno } from '../modelo/leer-alumno.ts';
import { leerEspecialidad } from '../modelo/leer-especialidad.ts';
import type { Cache } from './cache.ts';
import type { Externo } from './externo.ts';
import type { AlumnoConEspecialidad, Fuente } from './fuente.ts';
import { VueloUnico } from './vuelo-unico.ts';

export type PartesReal = {
  readonly cache: Cache;
  readonly alumnos: Externo;
  readonly academica: Externo;
  /** Seconds that a student and an especialidad stay in the cache. */
  readonly ttl: { readonly alumno: number; readonly especialidad: number };
  readonly lugar: LugarPorDefecto;
  readonly contarCache: (clase: string, resultado: 'hit' | 'miss' | 'corrupt') => void;
  /** Ends the connections to the upstream services. */
  readonly alCerrar: () => Promise<void>;
};

/** How one kind of thing is found: where it is kept, who has it, and how to read what they say. */
type Busqueda<T> = {
  readonly clase: 'alumno' | 'especialidad';
  readonly id: number;
  readonly servicio: ServicioExterno;
  readonly externo: Externo;
  readonly camino: string;
  readonly leer: (json: unknown) => Lectura<T>;
  readonly noEncontrado: () => Error;
};

/** An upstream document that lacks something; whoever asked knows for which student. */
class Incompleto extends Error {
  readonly faltantes: readonly string[];

  constructor(faltantes: readonly string[]) {
    super('datos incompletos');
    this.faltantes = faltantes;
  }
}

/** Real mode: cache-aside over the two upstream services. */
export function fuenteReal(partes: PartesReal): Fuente {
  const vuelos = new VueloUnico();
  const buscar = <T>(que: Busqueda<T>): Promise<T> =>
    vuelos.correr(`${que.clase}:${que.id}`, () => leerATraves(que, partes));

  const completo = async (id: number): Promise<AlumnoConEspecialidad> => {
    const alumno = await buscar(busquedaAlumno(id, partes));
    if (!('soloId' in alumno.especialidad)) return { alumno, especialidad: alumno.especialidad };
    return { alumno, especialidad: await buscar(busquedaEspecialidad(alumno.especialidad.soloId, partes)) };
  };

  return {
    alumno: async (id) => {
      try {
        return await completo(id);
      } catch (error) {
        throw error instanceof Incompleto ? datosIncompletos(id, error.faltantes) : error;
      }
    },
    dependencias: async () => {
      const { cache, alumnos, academica } = partes;
      const [redis, alumno_service, especialidad_service] = await Promise.all([
        cache.estado(),
        alumnos.estado(),
        academica.estado(),
      ]);
      return { redis, alumno_service, especialidad_service };
    },
    cerrar: async () => {
      partes.cache.cerrar();
      await partes.alCerrar();
    },
  };
}

function busquedaAlumno(id: number, { alumnos, lugar }: PartesReal): Busqueda<Alumno> {
  return {
    clase: 'alumno',
    id,
    servicio: 'alumno_service',
    externo: alumnos,
    camino: `/alumnos/${id}`,
    leer: (json) => leerAlumno(json, id, lugar),
    noEncontrado: () => alumnoNoEncontrado(id),
  };
}

function busquedaEspecialidad(id: number, { academica, lugar }: PartesReal): Busqueda<Especialidad> {
  return {
    clase: 'especialidad',
    id,
    servicio: 'especialidad_service',
    externo: academica,
    camino: `/especialidades/${id}`,
    leer: (json) => leerEspecialidad(json, lugar),
    noEncontrado: () => especialidadNoEncontrada(id),
  };
}

async function leerATraves<T>(que: Busqueda<T>, { cache, ttl, contarCache }: PartesReal): Promise<T> {
  const clave = `${que.clase}:${que.id}`;
  const guardado = await cache.leer(clave);
  const conocido = guardado === undefined ? undefined : leerGuardado(guardado, que);
  contarCache(que.clase, guardado === undefined ? 'miss' : conocido === undefined ? 'corrupt' : 'hit');
  if (conocido !== undefined) return conocido;
  if (guardado !== undefined) await cache.borrar(clave);

  const hallazgo = await que.externo.pedir(que.camino);
  if (hallazgo === undefined) throw que.noEncontrado();
  const lectura = que.leer(hallazgo.json);
  if (lectura.kind === 'ajeno') throw contratoRoto(que.servicio, lectura.problema);
  if (lectura.kind === 'incompleto') throw new Incompleto(lectura.faltantes);
  // Only what can be used is kept, as it came: an incomplete student may be completed a minute later.
  await cache.guardar(clave, hallazgo.texto, ttl[que.clase]);
  return lectura.valor;
}

function leerGuardado<T>(texto: string, que: Busqueda<T>): T | undefined {
  try {
    const lectura = que.leer(JSON.parse(texto));
    return lectura.kind === 'completo' ? lectura.valor : undefined;
  } catch {
    return undefined;
  }
}
