import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/redirectregex/ */
export const redirectRegex: Middleware = {
  words: ['redirectregex'],
  rules(options) {
    options.required('regex');
    const pattern = options.pattern('regex');
    const replacement = options.required('replacement');
    const permanent = options.is('permanent');
    return pattern === undefined || replacement === undefined
      ? []
      : [{ kind: 'redirect-regex', pattern, replacement, permanent }];
  },
};
