import { isHeaderName } from '#core/header-name.ts';
import type { StatusRange } from '#model/policy.ts';
import type { Middleware } from './middleware.ts';
import type { OptionReader } from './option-reader.ts';

/**
 * https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/errorpages/ ; where the service of
 * the pages gives none, the answer stays as it was, while Traefik gives its own 502.
 */
export const errors: Middleware = {
  words: ['errors'],
  rules(options, services) {
    const statuses = options.list('status').flatMap((text) => {
      const range = statusRange(text);
      if (range === undefined) options.refuse('status', 'statuses and ranges from 400 to 599, such as 404,500-599');
      return range ?? [];
    });
    const rewrites = rewritesOf(options);
    const query = options.text('query')?.trim() || '/';
    const headers = options.has('errorrequestheaders') ? options.list('errorrequestheaders') : undefined;
    if (headers?.every(isHeaderName) === false) options.refuse('errorrequestheaders', 'names of headers');
    const name = options.required('service')?.trim();
    if (name === undefined) return [];
    const place = services.find(name);
    if (place?.port === undefined) {
      options.badService('service', { service: name, names: services.names, known: place?.service });
      return [];
    }
    // Without a status Traefik catches nothing either.
    if (statuses.length === 0) return [];
    return [
      {
        ...{ kind: 'error-pages', statuses, rewrites, service: place.service, port: place.port, query },
        ...(headers === undefined ? {} : { headers }),
      },
    ];
  },
};

/** `503` or `500-599`, of statuses that say that something went wrong; anything else is undefined. */
export function statusRange(text: string): StatusRange | undefined {
  const [, from, to = from] = /^([45]\d\d)(?:-([45]\d\d))?$/.exec(text.replaceAll(' ', '')) ?? [];
  return from === undefined || Number(to) < Number(from) ? undefined : { from: Number(from), to: Number(to) };
}

function rewritesOf(options: OptionReader) {
  return options.record('statusrewrites').flatMap(([text, value]) => {
    const range = statusRange(text);
    const status = /^\d+$/.test(value) ? Number(value) : 0;
    if (range !== undefined && hasBody(status)) return [{ ...range, status }];
    options.refuse(
      `statusrewrites.${text.toLowerCase()}`,
      'a status from 400 to 599, or a range, with the status to send',
    );
    return [];
  });
}

/** A status with which a page can be sent. */
export function hasBody(status: number): boolean {
  return status >= 200 && status <= 599 && ![204, 205, 304].includes(status);
}
