import { clientKey } from './client-key.ts';
import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/inflightreq/ : without a criterion the host is the key. */
export const inFlight: Middleware = {
  words: ['inflightreq'],
  rules(options) {
    options.required('amount');
    const amount = options.whole('amount', 1);
    const key = clientKey(options, { kind: 'host' });
    return amount === undefined ? [] : [{ kind: 'in-flight', key, amount }];
  },
};
