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
      const status = Number(text);
      if (retriable.has(status)) return [status];
      options.refuse('status', `of ${[...retriable].join(', ')}`);
      return [];
    });
    if (attempts === undefined) return [];
    return [
      {
        ...{ kind: 'retry', attempts, statuses },
        ...(initialIntervalMs === undefined ? {} : { initialIntervalMs }),
      },
    ];
  },
};

/** The statuses on which HAProxy 2.6 can try again (configuration manual, `retry-on`). */
const retriable: ReadonlySet<number> = new Set([401, 403, 404, 408, 425, 500, 501, 502, 503, 504]);
