import type { Door } from '../door.ts';
import { logQueryOf } from '../http/log-query.ts';
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
        return lines(access(logQueryOf(project, query), gone));
      },
    },
  ];
}
