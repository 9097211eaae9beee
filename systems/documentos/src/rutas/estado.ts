import type { FastifyInstance } from 'fastify';
import type { Fuente } from '../fuente/fuente.ts';

export const NOMBRE_SERVICIO = 'documentos-service';

export type PartesEstado = {
  readonly fuente: Fuente;
  readonly version: string;
  readonly reloj: () => Date;
};

/** `GET /`, `/health` (deep) and `/docs`. */
export function rutasEstado(app: FastifyInstance, prefijo: string, { fuente, version, reloj }: PartesEstado): void {
  const inicio = reloj().getTime();

  app.get(`${prefijo}/`, (_request, reply) => reply.type('application/json; charset=utf-8').send('"OK"'));

  app.get(`${prefijo}/docs`, () => ({
    status: 'UP',
    service: 'certificados-api',
    version,
    uptime_seconds: (reloj().getTime() - inicio) / 1000,
    timestamp: reloj().toISOString(),
  }));

  app.get(`${prefijo}/health`, async (_request, reply) => {
    const dependencies = await fuente.dependencias();
    const base = { service: NOMBRE_SERVICIO, timestamp: reloj().toISOString() };
    if (!dependencies) return { status: 'ok', mode: 'mock', ...base };
    const perdida = Object.values(dependencies).some(({ status }) => status === 'unhealthy');
    return reply
      .code(perdida ? 503 : 200)
      .send({ status: perdida ? 'degraded' : 'ok', mode: 'real', ...base, dependencies });
  });
}
