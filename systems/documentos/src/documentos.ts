import websocket from '@fastify/websocket';
import type { LogSink } from '@timonel/kit/log.ts';
import { createService, type Service } from '@timonel/kit/service.ts';
import type { FastifyBaseLogger } from 'fastify';
import { Agent } from 'undici';
import { Emisora } from './eventos.ts';
import type { ServicioExterno } from './fallas.ts';
import { Cache } from './fuente/cache.ts';
import { Externo } from './fuente/externo.ts';
import type { Fuente } from './fuente/fuente.ts';
import { fuenteReal } from './fuente/real.ts';
import { fuenteSimulada } from './fuente/simulada.ts';
import { crearMetricas, type Metricas } from './metricas.ts';
import { GrupoHilos } from './render/grupo-hilos.ts';
import { rutaCertificado } from './rutas/certificado.ts';
import { NOMBRE_SERVICIO, rutasEstado } from './rutas/estado.ts';
import { rutaEventos } from './rutas/eventos.ts';
import type { Settings } from './settings.ts';

const PREFIJO = '/api/v1';
const LATIDO_MS = 15_000;
const PLAZO_RENDER_MS = 15_000;
/** How long a websocket may take to answer the close frame before its connection is cut. */
const DESPEDIDA_MS = 1_000;
const RESPUESTA_MAXIMA = 1024 * 1024;

/** What a test may replace: the time, where the log goes, and how often the events stream gives a sign of life. */
export type Entorno = { readonly reloj?: () => Date; readonly logSink?: LogSink; readonly latidoMs?: number };

/** Puts the service together; nothing listens yet. Its `close` ends threads, streams and connections. */
export async function crearDocumentos(settings: Settings, entorno: Entorno = {}): Promise<Service> {
  const { reloj = () => new Date(), logSink, latidoMs = LATIDO_MS } = entorno;
  const service = createService({
    name: NOMBRE_SERVICIO,
    instance: settings.instance,
    logLevel: settings.logLevel,
    prefix: PREFIJO,
    bodyLimit: 16 * 1024,
    ...(logSink ? { logSink } : {}),
  });
  const { app } = service;
  const hilos = await GrupoHilos.abrir({
    hilos: settings.render.workers,
    esperaMaxima: settings.render.queueMax,
    modulo: new URL('./render/hilo.ts', import.meta.url),
    plazoMs: PLAZO_RENDER_MS,
  });
  const metricas = crearMetricas(service.metrics, () => hilos.enEspera);
  const fuente = settings.mock ? fuenteSimulada() : abrirFuenteReal(settings, metricas, app.log);
  const emisora = new Emisora(latidoMs, reloj);

  // The emisora says goodbye first, else the server would wait for its streams for ever.
  app.addHook('preClose', async () => emisora.cerrar());
  app.addHook('onClose', async () => {
    await Promise.all([hilos.cerrar(), fuente.cerrar()]);
  });
  await app.register(websocket, { options: { maxPayload: 4096 }, preClose: cortarSockets });

  rutasEstado(app, PREFIJO, { fuente, version: settings.version, reloj });
  rutaEventos(app, `${PREFIJO}/eventos`, emisora);
  rutaCertificado(app, `${PREFIJO}/certificado`, {
    fuente,
    hacer: (pedido) => hilos.hacer(pedido),
    emisora,
    reloj,
    zona: settings.zona,
    contar: metricas.certificado,
  });
  return service;
}

function abrirFuenteReal(settings: Settings, metricas: Metricas, log: FastifyBaseLogger): Fuente {
  const dispatcher = new Agent({ maxResponseSize: RESPUESTA_MAXIMA });
  const externo = (nombre: ServicioExterno, url: string): Externo =>
    new Externo({ nombre, url, ...settings.upstream, dispatcher, contar: metricas.externo });
  return fuenteReal({
    cache: new Cache(settings.redis, log),
    alumnos: externo('alumno_service', settings.alumnosUrl),
    academica: externo('especialidad_service', settings.academicaUrl),
    ttl: settings.ttl,
    lugar: settings.lugar,
    contarCache: metricas.cache,
    alCerrar: () => dispatcher.close(),
  });
}

/** Replaces the plugin's own closing, which sends no status: clients were told 1001, and those that hang are cut. */
function cortarSockets(this: { websocketServer: import('ws').WebSocketServer }, done: () => void): void {
  const { clients } = this.websocketServer;
  setTimeout(() => {
    for (const socket of clients) socket.terminate();
  }, DESPEDIDA_MS).unref();
  done();
}
