import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/replacepathregex/ */
export const replacePathRegex: Middleware = {
  words: ['replacepathregex'],
  rules(options) {
    options.required('regex');
    const pattern = options.pattern('regex');
    const replacement = options.required('replacement');
    return pattern === undefined || replacement === undefined
      ? []
      : [{ kind: 'replace-path-regex', pattern, replacement }];
  },
};
