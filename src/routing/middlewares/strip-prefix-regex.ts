import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/stripprefixregex/ */
export const stripPrefixRegex: Middleware = {
  words: ['stripprefixregex'],
  rules(options) {
    options.required('regex');
    const patterns = options.patterns('regex');
    return patterns.length === 0 ? [] : [{ kind: 'strip-prefix-regex', patterns }];
  },
};
