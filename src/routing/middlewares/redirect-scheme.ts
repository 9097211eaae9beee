import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/redirectscheme/ */
export const redirectScheme: Middleware = {
  words: ['redirectscheme'],
  rules(options) {
    const scheme = options.required('scheme')?.toLowerCase();
    const port = options.whole('port', 1);
    const permanent = options.is('permanent');
    if (port !== undefined && port > 65_535) options.refuse('port', 'a port');
    if (scheme !== 'http' && scheme !== 'https') {
      options.refuse('scheme', 'http or https');
      return [];
    }
    return [{ kind: 'redirect-scheme', scheme, permanent, ...(port === undefined ? {} : { port }) }];
  },
};
