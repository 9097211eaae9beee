import { z } from 'zod';
import type { SteeringOrder } from '#model/journal.ts';
import type { CanarySteered } from '../contract.ts';
import type { Door } from '../door.ts';
import { checked } from '../http/bodies.ts';
import { document, type Route } from '../http/route.ts';
import { requireProject } from './projects.ts';

const orders = ['promote', 'promote-full', 'pause', 'resume', 'abort'] as const satisfies readonly SteeringOrder[];
const steeringBody = z.strictObject({ order: z.enum(orders), by: z.string().max(200) });

/** `POST /projects/NAME/canary`: promotes, pauses, resumes or aborts the canary that is under way. */
export function canaryRoutes({ engine, recovered }: Door): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/projects/:project/canary',
      handle: async ({ params: { project = '' }, body }) => {
        const { order, by } = checked(steeringBody, body);
        await requireProject(engine, project);
        // Before that, a canary that a restart interrupted does not run again yet.
        await recovered;
        const deployment = await engine.steer(project, order, by);
        return document({ project, deployment, order } satisfies CanarySteered);
      },
    },
  ];
}
