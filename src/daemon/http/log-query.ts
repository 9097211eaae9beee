import type { LogQuery } from '#model/log-query.ts';
import { naturalNumber } from './query.ts';

/** The lines of `project` that the query of a URL asks for. @throws what `naturalNumber` throws */
export function logQueryOf(project: string, query: URLSearchParams): LogQuery {
  const wanted = {
    services: query.get('service')?.split(','),
    instance: query.get('instance') ?? undefined,
    release: naturalNumber(query, 'release'),
    since: naturalNumber(query, 'since'),
    tail: naturalNumber(query, 'tail'),
    follow: query.get('follow') === 'true' ? true : undefined,
  };
  return { project, ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) };
}
