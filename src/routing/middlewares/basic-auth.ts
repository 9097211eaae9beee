import { isHeaderName } from '#core/header-name.ts';
import type { BasicAuthUser } from '#model/policy.ts';
import type { Middleware } from './middleware.ts';

/** https://doc.traefik.io/traefik/middlewares/http/basicauth/ */
export const basicAuth: Middleware = {
  words: ['basicauth'],
  rules(options) {
    options.unsupported('usersfile', 'name the users in the label users, or in x-timonel.route.basicAuth');
    if (!options.has('usersfile')) options.required('users');
    const users = options.list('users').flatMap((text) => {
      const user = parseUser(text);
      if (user === undefined) options.refuse('users', 'NAME:HASH as htpasswd writes it, between commas');
      return user === undefined ? [] : [user];
    });
    const realm = options.text('realm') ?? 'traefik';
    const removeHeader = options.is('removeheader');
    const userHeader = options.text('headerfield');
    if (userHeader !== undefined && !isHeaderName(userHeader)) options.refuse('headerfield', 'a header name');
    if (users.length === 0) return [];
    return [{ kind: 'basic-auth', users, realm, removeHeader, ...(userHeader === undefined ? {} : { userHeader }) }];
  },
};

/**
 * Reads `NAME:HASH`.
 *
 * @returns undefined for a form of hash that cannot be checked
 */
export function parseUser(text: string): BasicAuthUser | undefined {
  const [, name, hash] = /^([^:\s]+):(\S+)$/.exec(text) ?? [];
  if (name === undefined || hash === undefined || !hashForms.some((form) => form.test(hash))) return undefined;
  return { name, hash };
}

const hashForms = [
  /^\$apr1\$[^$]{1,8}\$[./\w]{22}$/,
  /^\{SHA\}[A-Za-z0-9+/]{27}=$/,
  /^\$2[aby]\$\d\d\$[./\w]{53}$/,
  /^\$5\$(rounds=\d+\$)?[^$]{1,16}\$[./\w]{43}$/,
  /^\$6\$(rounds=\d+\$)?[^$]{1,16}\$[./\w]{86}$/,
];
