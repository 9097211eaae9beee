import { z } from 'zod';
import type { PauseOrder } from '#engine/api.ts';
import type { PauseBegun, PauseEnded } from '../contract.ts';
import type { Door } from '../door.ts';
import { checked } from '../http/bodies.ts';
import { document, type Route } from '../http/route.ts';
import { requireProject } from './projects.ts';

const whose = { services: z.array(z.string()), by: z.string().max(200) };
const milliseconds = z.number().nonnegative();
const pauseBody = z.strictObject({ ...whose, timeoutMs: milliseconds.optional(), drainMs: milliseconds.optional() });
const resumeBody = z.strictObject(whose);

/** `POST /projects/NAME/pause` and `/resume`: lets requests to services wait, and go on. */
export function pauseRoutes({ engine, recovered }: Door): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/projects/:project/pause',
      handle: async ({ params: { project = '' }, body, gone }) => {
        const order = checked(pauseBody, body) as PauseOrder;
        await requireProject(engine, project);
        await recovered;
        const paused = (await engine.pause(project, order, gone)).map(withReadableTime);
        return document({ project, paused } satisfies PauseBegun);
      },
    },
    {
      method: 'POST',
      path: '/projects/:project/resume',
      handle: async ({ params: { project = '' }, body }) => {
        const { services, by } = checked(resumeBody, body);
        await requireProject(engine, project);
        await recovered;
        const resumed = (await engine.resume(project, services, by)).map(withReadableTime);
        return document({ project, resumed } satisfies PauseEnded);
      },
    },
  ];
}

function withReadableTime<T extends { readonly since: number }>(one: T) {
  return { ...one, since: new Date(one.since).toISOString() };
}
