import type { CorsRule, Header, PolicyRule } from '#model/policy.ts';
import { securityHeaders } from './headers-security.ts';
import type { Middleware } from './middleware.ts';
import type { OptionReader } from './option-reader.ts';

/** https://doc.traefik.io/traefik/middlewares/http/headers/ */
export const headers: Middleware = {
  words: ['headers'],
  rules(options) {
    const request = custom(options, 'customrequestheaders');
    const response = custom(options, 'customresponseheaders');
    const security = securityHeaders(options);
    const hosts = options.list('allowedhosts').map((one) => one.toLowerCase());
    const cors = corsOf(options);
    const answers = [...response, ...security.response];
    return [
      ...(hosts.length > 0 ? [{ kind: 'host-allow', hosts } as const] : []),
      ...security.redirect,
      ...(cors === undefined ? [] : [cors]),
      ...(request.length > 0 ? [{ kind: 'request-headers', set: request } as const] : []),
      ...(answers.length > 0 ? [{ kind: 'response-headers', set: answers } as const] : []),
      ...security.hsts,
    ] satisfies PolicyRule[];
  },
};

function custom(options: OptionReader, prefix: string): readonly Header[] {
  return options.record(prefix).flatMap(([name, value]) => {
    if (isHeaderName(name)) return [{ name, value }];
    options.refuse(`${prefix}.${name.toLowerCase()}`, 'the value of a header with a valid name');
    return [];
  });
}

/** A token of RFC 9110, section 5.6.2. */
export function isHeaderName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}

function corsOf(options: OptionReader): CorsRule | undefined {
  const origins = options.list('accesscontrolalloworiginlist');
  const pattern = options.pattern('accesscontrolalloworiginlistregex');
  const single = options.text('accesscontrolalloworigin');
  const methods = options.list('accesscontrolallowmethods');
  const allowed = options.list('accesscontrolallowheaders');
  const exposeHeaders = options.list('accesscontrolexposeheaders');
  const credentials = options.is('accesscontrolallowcredentials');
  const maxAgeSeconds = options.whole('accesscontrolmaxage');
  options.harmless('addvaryheader');
  const all = single === undefined ? origins : [...origins, single];
  if (all.length === 0 && pattern === undefined) return undefined;
  return {
    ...{ kind: 'cors', origins: all, originPatterns: pattern === undefined ? [] : [pattern] },
    ...{ methods, headers: allowed, exposeHeaders, credentials },
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}
