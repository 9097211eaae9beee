import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/stripprefix/ */
export const stripPrefix: Middleware = {
  words: ['stripprefix'],
  rules(options) {
    options.required('prefixes');
    // Only says whether `/api` becomes an empty path or `/`; a request cannot have an empty one.
    options.harmless('forceslash');
    const prefixes = options.list('prefixes').filter((prefix) => {
      if (!prefix.startsWith('/')) options.refuse('prefixes', 'paths that begin with /, between commas');
      return prefix.startsWith('/') && prefix !== '/';
    });
    return prefixes.length === 0 ? [] : [{ kind: 'strip-prefix', prefixes }];
  },
};
