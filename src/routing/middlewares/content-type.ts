import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/contenttype/ ; the proxy never guesses a type. */
export const contentType: Middleware = {
  words: ['contenttype'],
  rules(options) {
    options.harmless('', 'autodetect');
    return [];
  },
};
