import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/compress/ */
export const compress: Middleware = {
  words: ['compress'],
  rules(options) {
    const off = options.has('') && !options.is('');
    const included = options.list('includedcontenttypes');
    // What is excluded is, in practice, event streams; only texts are compressed here, and event streams never.
    options.harmless('excludedcontenttypes', 'minresponsebodybytes', 'encodings', 'defaultencoding');
    return off ? [] : [{ kind: 'compress', types: included.length > 0 ? included : texts }];
  },
};

/** Types that shrink. */
export const texts: readonly string[] = [
  ...['text/html', 'text/plain', 'text/css', 'text/csv', 'text/xml', 'text/javascript'],
  ...['application/json', 'application/problem+json', 'application/javascript', 'application/xml', 'image/svg+xml'],
];
