import { Fault } from '@timonel/kit/fault.ts';
import type { FastifyInstance } from 'fastify';
import type { Emisora } from '../eventos.ts';
import { generacionFallida, idInvalido, noHayRuta, valorInvalido } from '../fallas.ts';
import type { Fuente } from '../fuente/fuente.ts';
import { fechaEnLetras } from '../modelo/fecha.ts';
import { redactar } from '../modelo/redaccion.ts';
import { esFormato, FORMATOS, type Formato } from '../render/formatos.ts';
import type { Pedido } from '../render/trabajo.ts';

export type PartesCertificado = {
  readonly fuente: Fuente;
  readonly hacer: (pedido: Pedido) => Promise<Uint8Array>;
  readonly emisora: Emisora;
  readonly reloj: () => Date;
  readonly zona: string;
  readonly contar: (formato: Formato) => void;
};

/** `GET /certificado/{id}/{formato}`. */
export function rutaCertificado(app: FastifyInstance, camino: string, partes: PartesCertificado): void {
  app.get<{ Params: { id: string; formato: string } }>(`${camino}/:id/:formato`, async (request, reply) => {
    const { formato } = request.params;
    if (!esFormato(formato)) throw noHayRuta();
    const id = leerId(request.params.id);
    const bytes = await emitirCertificado(id, formato, partes);

    const { tipo, disposicion } = FORMATOS[formato];
    partes.contar(formato);
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    partes.emisora.emitir({ tipo: 'certificado', alumno_id: id, formato, ms, timestamp: partes.reloj().toISOString() });
    return reply
      .type(tipo)
      .header('Content-Disposition', `${disposicion}; filename="certificado_alumno_${id}.${formato}"`)
      .header('Cache-Control', 'no-store')
      .send(bytes);
  });
}

/** The id of the path: digits only, else there is no such path; zero and what no upstream could hold are refused. */
function leerId(texto: string): number {
  if (!/^\d+$/.test(texto)) throw noHayRuta();
  const id = Number(texto);
  if (id === 0) throw idInvalido(id);
  if (!Number.isSafeInteger(id)) throw valorInvalido('El id de alumno es demasiado grande.');
  return id;
}

async function emitirCertificado(id: number, formato: Formato, partes: PartesCertificado): Promise<Uint8Array> {
  const { alumno, especialidad } = await partes.fuente.alumno(id);
  const { facultad, universidad } = especialidad;
  const fecha = fechaEnLetras(partes.reloj(), partes.zona);
  const documento = redactar({ alumno, especialidad, facultad, universidad, fecha });
  try {
    return await partes.hacer({ formato, documento });
  } catch (error) {
    throw error instanceof Fault ? error : generacionFallida(formato, error);
  }
}
