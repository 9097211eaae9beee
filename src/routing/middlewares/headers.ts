import { isHeaderName } from '#core/header-name.ts';
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
    const cors = corsOf(options);
    const answers = [...response, ...security.response];
    return [
      ...security.guards,
      ...(cors === undefined ? [] : [cors]),
      ...(request.length > 0 ? [{ kind: 'request-headers', set: request } as const] : []),
      ...(answers.length > 0 ? [{ kind: 'response-headers', set: answers } as const] : []),
      ...security.hsts,
    ] satisfies PolicyRule[];
  },
};

function custom(options: OptionReader, prefix: string): readonly Header[] {
  return options.record(prefix).flatMap(([name, value]) => {
    const key = `${prefix}.${name.toLowerCase()}`;
    if (!isHeaderName(name)) options.refuse(key, 'the value of a header with a valid name');
    else if (name.toLowerCase() === 'host' && value === '') options.refuse(key, 'a host name');
    else return [{ name, value }];
    return [];
  });
}

const patternsKey = 'accesscontrolalloworiginlistregex';

/** Any of these options has preflight requests answered here; without an origin nobody is allowed. */
function corsOf(options: OptionReader): CorsRule | undefined {
  const origins = options.list('accesscontrolalloworiginlist');
  const originPatterns = options.has(patternsKey) ? options.patterns(patternsKey) : [];
  const single = options.text('accesscontrolalloworigin');
  const methods = options.list('accesscontrolallowmethods');
  const allowed = options.list('accesscontrolallowheaders');
  const exposeHeaders = options.list('accesscontrolexposeheaders');
  const credentials = options.is('accesscontrolallowcredentials');
  const maxAgeSeconds = options.whole('accesscontrolmaxage');
  options.harmless('addvaryheader');
  const all = single === undefined ? origins : [...origins, single];
  const lists = [all, originPatterns, methods, allowed, exposeHeaders];
  if (lists.every((one) => one.length === 0) && !credentials && maxAgeSeconds === undefined) return undefined;
  return {
    ...{ kind: 'cors', origins: all, originPatterns, methods, headers: allowed, exposeHeaders, credentials },
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}
