import { Fault } from '@timonel/kit/fault.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { Emisora } from '../eventos.ts';

/** A listener that reads slower than this many bytes behind is dropped; it would fill the memory otherwise. */
const ATRASO_MAXIMO = 1024 * 1024;
const CIERRE_POR_PARADA = 1001;
const CIERRE_POR_LENTO = 1013;

/** `GET /eventos`: a websocket with `Upgrade`, server-sent events with `Accept: text/event-stream`. */
export function rutaEventos(app: FastifyInstance, camino: string, emisora: Emisora): void {
  app.route({
    method: 'GET',
    url: camino,
    exposeHeadRoute: false,
    handler: (request, reply) => servirEventos(request, reply, emisora),
    wsHandler: (socket) => atenderSocket(socket, emisora),
  });
}

function atenderSocket(socket: WebSocket, emisora: Emisora): void {
  const dejar = emisora.escuchar({
    enviar: (texto) => {
      if (socket.bufferedAmount > ATRASO_MAXIMO) socket.close(CIERRE_POR_LENTO, 'lector lento');
      else socket.send(texto);
    },
    despedir: () => socket.close(CIERRE_POR_PARADA, 'el servicio se detiene'),
  });
  socket.on('close', dejar);
}

function servirEventos(request: FastifyRequest, reply: FastifyReply, emisora: Emisora): void {
  if (!request.headers.accept?.includes('text/event-stream')) {
    throw new Fault({
      status: 406,
      error: 'NotAcceptable',
      message: 'Pida un websocket (Upgrade) o Accept: text/event-stream.',
    });
  }
  reply.hijack();
  const flujo = reply.raw;
  for (const [nombre, valor] of Object.entries(reply.getHeaders())) if (valor) flujo.setHeader(nombre, valor);
  flujo.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
  flujo.write(': conectado\n\n');
  const dejar = emisora.escuchar({
    enviar: (texto) => {
      if (flujo.writableLength > ATRASO_MAXIMO) flujo.destroy();
      else flujo.write(`data: ${texto}\n\n`);
    },
    despedir: () => flujo.end(),
  });
  flujo.on('close', dejar);
}
