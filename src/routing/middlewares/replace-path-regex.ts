import type { Middleware } from './middleware.ts';
import { replacementOf } from './replacement.ts';

/** https://doc.traefik.io/traefik/middlewares/http/replacepathregex/ */
export const replacePathRegex: Middleware = {
  words: ['replacepathregex'],
  rules(options) {
    const change = replacementOf(options);
    return change === undefined ? [] : [{ kind: 'replace-path-regex', ...change }];
  },
};
