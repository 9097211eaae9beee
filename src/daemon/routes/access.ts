import type { AccessQuery } from '#model/metrics.ts';
import type { Door } from '../door.ts';
import { naturalNumber } from '../http/query.ts';
import { lines, type Route } from '../http/route.ts';
import { requireProject } from './projects.ts';

/** `GET /projects/NAME/access`: the requests of its services, as lines of JSON. */
export function accessRoutes({ engine, access }: Door): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/projects/:project/access',
      handle: async ({ params: { project = '' }, query, gone }) => {
        await requireProject(engine, project);
        return lines(access(queryOf(project, query), gone));
      },
    },
  ];
}

function queryOf(project: string, query: URLSearchParams): AccessQuery {
  const wanted = {
    service: query.get('service') ?? undefined,
    instance: query.get('instance') ?? undefined,
    release: naturalNumber(query, 'release'),
    since: naturalNumber(query, 'since'),
    tail: naturalNumber(query, 'tail'),
    follow: query.get('follow') === 'true' ? true : undefined,
  };
  return { project, ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) };
}
