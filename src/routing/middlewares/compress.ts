import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/compress/ */
export const compress: Middleware = {
  words: ['compress'],
  rules(options) {
    const off = options.has('') && !options.isThere('');
    const types = (key: string) => options.list(key).map((one) => one.toLowerCase());
    const included = types('includedcontenttypes');
    const excluded = types('excludedcontenttypes');
    if (included.length > 0 && excluded.length > 0)
      options.refuse('excludedcontenttypes', 'not beside includedcontenttypes');
    if (options.has('encodings') && !options.list('encodings').includes('gzip'))
      options.unsupported('encodings', 'the proxy knows gzip only');
    // A short answer is compressed too, and one without Accept-Encoding never.
    options.harmless('minresponsebodybytes', 'defaultencoding');
    const usual = texts.filter((one) => !excluded.includes(one));
    return off ? [] : [{ kind: 'compress', types: included.length > 0 ? included : usual }];
  },
};

/** Types that shrink. */
export const texts: readonly string[] = [
  ...['text/html', 'text/plain', 'text/css', 'text/csv', 'text/xml', 'text/javascript'],
  ...['application/json', 'application/problem+json', 'application/javascript', 'application/xml', 'image/svg+xml'],
];
