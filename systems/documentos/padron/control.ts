import { Fault } from '@timonel/kit/fault.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

/** The two services that the stub stands for. */
export const SERVICIOS = ['alumnos', 'especialidades'] as const;
export type Servicio = (typeof SERVICIOS)[number];

const orden = z.strictObject({
  service: z.enum(SERVICIOS),
  times: z.number().int().min(0),
  status: z.number().int().min(400).max(599).default(500),
});

/** Counts the calls and, when a test asked for it, makes the next ones fail or hang. */
export class Control {
  readonly #estado = { alumnos: estadoInicial(), especialidades: estadoInicial() };
  readonly #colgadas = new Set<FastifyReply>();

  /** Counts one call; false when the call is to hang, and the caller then answers nothing. Throws the asked failure. */
  atender(servicio: Servicio, reply: FastifyReply): boolean {
    const estado = this.#estado[servicio];
    estado.calls += 1;
    if (estado.fail > 0) {
      estado.fail -= 1;
      throw new Fault({ status: estado.status, error: 'Pedido', message: 'Falla pedida por la prueba.' });
    }
    if (estado.hang === 0) return true;
    estado.hang -= 1;
    this.#colgadas.add(reply.hijack());
    reply.raw.on('close', () => this.#colgadas.delete(reply));
    return false;
  }

  llamadas(): Readonly<Record<Servicio, number>> {
    return { alumnos: this.#estado.alumnos.calls, especialidades: this.#estado.especialidades.calls };
  }

  fallar({ service, times, status }: z.infer<typeof orden>): void {
    Object.assign(this.#estado[service], { fail: times, status });
  }

  colgar({ service, times }: z.infer<typeof orden>): void {
    this.#estado[service].hang = times;
  }

  reiniciar(): void {
    for (const servicio of SERVICIOS) Object.assign(this.#estado[servicio], estadoInicial());
  }

  /** Cuts what hangs, so that the server can stop. */
  soltar(): void {
    for (const { raw } of this.#colgadas) raw.destroy();
  }
}

/** `/control/…`, for tests only: fail, hang, calls, reset, and other documents in place of the usual ones. */
export function rutasControl(
  app: FastifyInstance,
  control: Control,
  datos: Readonly<Record<Servicio, Map<number, unknown>>>,
): void {
  app.get('/control/calls', () => control.llamadas());
  app.post('/control/reset', () => {
    control.reiniciar();
    return { ok: true };
  });
  app.post('/control/fail', (request) => {
    control.fallar(orden.parse(request.body));
    return { ok: true };
  });
  app.post('/control/hang', (request) => {
    control.colgar(orden.parse(request.body));
    return { ok: true };
  });
  app.put<{ Params: { servicio: string; id: string } }>('/control/:servicio/:id', (request) => {
    const servicio = z.enum(SERVICIOS).parse(request.params.servicio);
    datos[servicio].set(Number(request.params.id), request.body);
    return { ok: true };
  });
}

function estadoInicial() {
  return { calls: 0, fail: 0, status: 500, hang: 0 };
}
