import { z } from 'zod';
import { fail } from '#core/errors.ts';
import type { ProjectRequest } from '#engine/api.ts';
import type { DeploymentOrder } from '../contract.ts';

/*
 * The bodies that the daemon takes. Unknown members are refused, so that a client of a later version learns that this
 * daemon would ignore what it asks.
 */

const texts = z.array(z.string());

/** The members of a request about a Compose file. */
export const projectRequest = z.strictObject({
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  files: texts.optional(),
  stdin: z.string().optional(),
  projectDirectory: z.string().optional(),
  projectName: z.string().optional(),
  profiles: texts.optional(),
  envFiles: texts.optional(),
  runtime: z.enum(['process', 'docker']).optional(),
  createNetworks: z.boolean().optional(),
  acceptNewVolumes: z.boolean().optional(),
});

const common = { waitMs: z.number().nonnegative(), by: z.string().max(200) };
const project = z.string();

const deploymentOrder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deploy'), request: projectRequest, ...common }),
  z.strictObject({ kind: z.literal('rollback'), project, release: z.number().int().min(1).optional(), ...common }),
  z.strictObject({
    kind: z.literal('scale'),
    project,
    replicas: z.record(z.string(), z.number().int().min(0)),
    ...common,
  }),
  z.strictObject({ kind: z.literal('restart'), project, services: texts, ...common }),
  z.strictObject({ kind: z.literal('switchover'), project, ...common }),
  z.strictObject({ kind: z.literal('down'), project, ...common }),
]);

/** Checks the body of a request about a Compose file. Throws DAEMON_BAD_REQUEST. */
export function readProjectRequest(body: unknown): ProjectRequest {
  return checked(projectRequest, body) as ProjectRequest;
}

/** Checks the body that orders a deployment. Throws DAEMON_BAD_REQUEST. */
export function readDeploymentOrder(body: unknown): DeploymentOrder {
  return checked(deploymentOrder, body) as DeploymentOrder;
}

/** The parser gives `undefined` for members left out, which the types of the model do not know; the wire does. */
export function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const detail = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw fail('DAEMON_BAD_REQUEST', { detail });
}
