import { setTimeout as esperar } from 'node:timers/promises';
import { Fault } from '@timonel/kit/fault.ts';
import type { LogSink } from '@timonel/kit/log.ts';
import { createService, type Service } from '@timonel/kit/service.ts';
import type { FastifyReply } from 'fastify';
import { Control, rutasControl, type Servicio } from './control.ts';
import { alumnoGenerado, alumnosDelPadron, especialidadesDelPadron } from './datos.ts';
import type { PadronSettings } from './settings.ts';

const PREFIJO = '/api/v1';

/** The stub of the alumnos and académica services: one process answers for both, with and without `/api/v1`. */
export function crearPadron(settings: PadronSettings, logSink?: LogSink): Service {
  const service = createService({
    name: 'padron',
    instance: settings.instance,
    logLevel: settings.logLevel,
    prefix: PREFIJO,
    ...(logSink ? { logSink } : {}),
  });
  const { app } = service;
  const control = new Control();
  const datos = { alumnos: alumnosDelPadron(), especialidades: especialidadesDelPadron() };
  const { from, to, ms } = settings.slow;

  const buscar = async (servicio: Servicio, id: number): Promise<unknown> => {
    const hallado = datos[servicio].get(id);
    if (hallado !== undefined || servicio !== 'alumnos' || !(id >= from && id <= to)) return hallado;
    await esperar(ms);
    return alumnoGenerado(id);
  };
  const responder = async (servicio: Servicio, texto: string, reply: FastifyReply): Promise<unknown> => {
    if (!control.atender(servicio, reply)) return reply;
    const hallado = await buscar(servicio, Number(texto));
    if (hallado !== undefined) return hallado;
    throw new Fault({ status: 404, error: 'NotFound', message: 'No existe.', facts: { id: texto } });
  };

  for (const raiz of ['', PREFIJO]) {
    app.get(`${raiz}/health`, () => ({ status: 'ok', service: 'padron' }));
    for (const servicio of ['alumnos', 'especialidades'] as const) {
      app.get<{ Params: { id: string } }>(`${raiz}/${servicio}/:id`, (request, reply) =>
        responder(servicio, request.params.id, reply),
      );
    }
  }
  if (settings.control) rutasControl(app, control, datos);
  app.addHook('preClose', async () => control.soltar());
  return service;
}
