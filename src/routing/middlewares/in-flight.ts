import { clientKey } from './client-key.ts';
import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/inflightreq/ : without a criterion the host is the key. */
export const inFlight: Middleware = {
  words: ['inflightreq'],
  rules(options) {
    const amount = options.whole('amount', 0) ?? 0;
    const key = clientKey(options, { kind: 'host' });
    return amount === 0 ? [] : [{ kind: 'in-flight', key, amount }];
  },
};
