import type { FastifyInstance } from 'fastify';

/** Switches an app to "this is my last answer on this connection". */
export type Drain = { readonly draining: boolean; begin(): void };

/** From `begin()` on, and in any case from `app.close()` on, every answer carries `Connection: close`. */
export function installDrain(app: FastifyInstance): Drain {
  let draining = false;
  app.addHook('preClose', (done) => {
    draining = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) reply.header('Connection', 'close');
    done(null, payload);
  });
  return {
    get draining() {
      return draining;
    },
    begin: () => {
      draining = true;
    },
  };
}
