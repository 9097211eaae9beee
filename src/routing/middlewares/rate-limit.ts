import { clientKey } from './client-key.ts';
import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/ratelimit/ */
export const rateLimit: Middleware = {
  words: ['ratelimit'],
  rules(options) {
    const average = options.whole('average') ?? 0;
    const periodMs = options.duration('period') ?? 1000;
    const burst = Math.max(1, options.whole('burst') ?? 1);
    const key = clientKey(options, { kind: 'address' });
    options.unsupported('redis', 'limits are kept in the proxy');
    // An average of 0 means no limit.
    return average === 0 ? [] : [{ kind: 'rate-limit', key, allowance: { kind: 'bucket', average, periodMs, burst } }];
  },
};
