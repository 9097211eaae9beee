import type { Language } from '#core/messages/message.ts';
import { describeEvent } from '#engine/events/describe.ts';
import type { EventQuery, ProjectEvent } from '#model/project-event.ts';
import type { WireProjectEvent } from '../contract.ts';
import type { Door } from '../door.ts';
import { naturalNumber } from '../http/query.ts';
import { lines, type Route } from '../http/route.ts';
import { worded } from '../worded.ts';
import { requireProject } from './projects.ts';

/** `GET /projects/NAME/events`: what happened to it, in order, as lines of JSON; `?service=` names several with commas. */
export function eventRoutes({ engine }: Door): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/projects/:project/events',
      handle: async ({ params: { project = '' }, query, gone, language }) => {
        await requireProject(engine, project);
        return lines(told(engine.events(eventQueryOf(project, query), gone), language));
      },
    },
  ];
}

function eventQueryOf(project: string, query: URLSearchParams): EventQuery {
  const wanted = {
    since: naturalNumber(query, 'since'),
    until: naturalNumber(query, 'until'),
    tail: naturalNumber(query, 'tail'),
    follow: query.get('follow') === 'true' ? true : undefined,
  };
  const services = query.get('service')?.split(',') ?? [];
  return {
    project,
    services,
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
  };
}

async function* told(events: AsyncIterable<ProjectEvent>, language: Language): AsyncGenerator<WireProjectEvent> {
  for await (const event of events) {
    const line = { ...event, time: new Date(event.time).toISOString(), text: describeEvent(event) };
    yield worded(line, language) as WireProjectEvent;
  }
}
