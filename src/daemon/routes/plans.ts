import type { Requirements, WirePlan } from '../contract.ts';
import type { Door } from '../door.ts';
import { readProjectRequest } from '../http/bodies.ts';
import { document, type Route } from '../http/route.ts';
import { wordedFinding } from '../worded.ts';

/**
 * `POST /plans`: what a deployment would do. `POST /requirements`: what it needs installed first. Neither changes
 * anything. `POST /proxy-image` fetches the image that the proxy lacks.
 */
export function planRoutes(door: Door): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/plans',
      handle: async ({ body, language }) => {
        const request = readProjectRequest(body);
        await door.recovered;
        const plan = await door.engine.plan(request);
        const findings = plan.findings.map((one) => wordedFinding(one, language));
        return document({ ...plan, findings } satisfies WirePlan);
      },
    },
    {
      method: 'POST',
      path: '/requirements',
      handle: async ({ body }) => {
        const lacking: Requirements = await door.requirements(readProjectRequest(body));
        return document(lacking);
      },
    },
    {
      method: 'POST',
      path: '/proxy-image',
      handle: async () => {
        await door.fetchProxyImage();
        return document({});
      },
    },
  ];
}
