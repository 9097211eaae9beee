import type { LogLine } from '#model/instance.ts';
import type { WireLogLine } from '../contract.ts';
import type { Door } from '../door.ts';
import { logQueryOf } from '../http/log-query.ts';
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
        return lines(told(engine.logs(logQueryOf(project, query), gone)));
      },
    },
  ];
}

async function* told(logLines: AsyncIterable<LogLine>): AsyncGenerator<WireLogLine> {
  for await (const line of logLines) yield { ...line, time: new Date(line.time).toISOString() };
}
