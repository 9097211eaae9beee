import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/stripprefixregex/ */
export const stripPrefixRegex: Middleware = {
  words: ['stripprefixregex'],
  rules(options) {
    options.required('regex');
    // One pattern a label: a comma may belong to it.
    const pattern = options.pattern('regex');
    return pattern === undefined ? [] : [{ kind: 'strip-prefix-regex', patterns: [pattern] }];
  },
};
