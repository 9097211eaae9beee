import type { LogLine } from '#model/instance.ts';
import type { LogQuery } from '#world/runtime.ts';
import type { WireLogLine } from '../contract.ts';
import type { Door } from '../door.ts';
import { naturalNumber } from '../http/query.ts';
import { lines, type Route } from '../http/route.ts';
import { requireProject } from './projects.ts';

/** `GET /projects/NAME/logs`: what its instances of all kept releases wrote, in order of time, as lines of JSON. */
export function logRoutes({ engine }: Door): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/projects/:project/logs',
      handle: async ({ params: { project = '' }, query, gone }) => {
        await requireProject(engine, project);
        return lines(told(engine.logs(queryOf(project, query), gone)));
      },
    },
  ];
}

function queryOf(project: string, query: URLSearchParams): LogQuery {
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

async function* told(logLines: AsyncIterable<LogLine>): AsyncGenerator<WireLogLine> {
  for await (const line of logLines) yield { ...line, time: new Date(line.time).toISOString() };
}
