import type { FastifyInstance } from 'fastify';
import type { ProjectRequest } from '#engine/api.ts';
import type { Requirements, WirePlan } from '../contract.ts';
import type { Door } from '../door.ts';
import { languageOf } from '../language.ts';
import { requestSchema } from '../schemas.ts';
import { wordedFinding } from '../worded.ts';

/** `POST /plans`: what a deployment would do. `POST /requirements`: what it needs installed first. Neither changes anything. */
export function planRoutes(app: FastifyInstance, door: Door): void {
  app.post('/plans', { schema: { body: requestSchema } }, async (request): Promise<WirePlan> => {
    await door.recovered;
    const plan = await door.engine.plan(request.body as ProjectRequest);
    const language = languageOf(request);
    return { ...plan, findings: plan.findings.map((one) => wordedFinding(one, language)) };
  });

  app.post('/requirements', { schema: { body: requestSchema } }, async (request): Promise<Requirements> => {
    return { packages: await door.requirements(request.body as ProjectRequest) };
  });
}
