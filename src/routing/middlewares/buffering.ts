import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/buffering/ ; bodies stream here, so sizes of buffers do not matter. */
export const buffering: Middleware = {
  words: ['buffering'],
  rules(options) {
    const bytes = options.whole('maxrequestbodybytes') ?? 0;
    options.harmless('memrequestbodybytes', 'memresponsebodybytes');
    if (options.whole('maxresponsebodybytes') !== 0)
      options.unsupported('maxresponsebodybytes', 'answers are passed on as they come');
    options.unsupported('retryexpression', 'use the retry middleware');
    return bytes === 0 ? [] : [{ kind: 'body-limit', bytes }];
  },
};
