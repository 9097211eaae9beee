import type { Middleware } from './middleware.ts';
import { replacementOf } from './replacement.ts';

/** https://doc.traefik.io/traefik/middlewares/http/redirectregex/ */
export const redirectRegex: Middleware = {
  words: ['redirectregex'],
  rules(options) {
    const change = replacementOf(options);
    const permanent = options.is('permanent');
    return change === undefined ? [] : [{ kind: 'redirect-regex', ...change, permanent }];
  },
};
