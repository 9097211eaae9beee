import { statusRange } from './errors.ts';
import type { Middleware } from './middleware.ts';

/**
 * https://doc.traefik.io/traefik/middlewares/http/retry/ ; an answer is never tried again, only its absence, unless
 * `status` names it.
 */
export const retry: Middleware = {
  words: ['retry'],
  rules(options) {
    const attempts = options.whole('attempts', 1);
    options.required('attempts');
    const initialIntervalMs = options.duration('initialinterval');
    const statuses = options.list('status').flatMap((text) => {
      const range = statusRange(text);
      const named = [...retriable].filter((one) => range !== undefined && one >= range.from && one <= range.to);
      if (named.length === 0) options.refuse('status', demand);
      return named;
    });
    // Bodies are not sent again, however short they are.
    options.harmless('maxrequestbodybytes');
    options.unsupported('timeout', 'attempts and initialinterval bound how long it takes');
    if (options.is('disableretryonnetworkerror'))
      options.unsupported('disableretryonnetworkerror', 'what no instance took is always tried again');
    if (options.is('retrynonidempotentmethod'))
      options.unsupported('retrynonidempotentmethod', 'what may not run twice reaches an instance once');
    if (attempts === undefined) return [];
    return [
      {
        ...{ kind: 'retry', attempts, statuses: [...new Set(statuses)] },
        ...(initialIntervalMs === undefined ? {} : { initialIntervalMs }),
      },
    ];
  },
};

/** The statuses on which HAProxy 2.6 can try again (configuration manual, `retry-on`). */
const retriable: ReadonlySet<number> = new Set([401, 403, 404, 408, 425, 500, 501, 502, 503, 504]);

const demand = 'of 401, 403, 404, 408, 425, 500, 501, 502, 503, 504, or a range with some of them';
