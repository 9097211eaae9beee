import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/replacepath/ */
export const replacePath: Middleware = {
  words: ['replacepath'],
  rules(options) {
    const path = options.required('path');
    if (path === undefined) return [];
    if (!path.startsWith('/')) options.refuse('path', 'a path that begins with /');
    return [{ kind: 'replace-path', path }];
  },
};
