import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/addprefix/ */
export const addPrefix: Middleware = {
  words: ['addprefix'],
  rules(options) {
    const prefix = options.required('prefix');
    if (prefix === undefined) return [];
    if (!prefix.startsWith('/')) options.refuse('prefix', 'a path that begins with /');
    return [{ kind: 'add-prefix', prefix }];
  },
};
