import { z } from 'zod';
import type { AdoptRequest, CommandRequest, MakeRequest } from '#engine/api.ts';
import { checked, projectRequest } from './bodies.ts';

const commandRequest = z.strictObject({
  service: z.string().min(1),
  command: z.array(z.string()),
  timeoutMs: z.number().positive(),
  environment: z.record(z.string(), z.string()).optional(),
  user: z.string().optional(),
  workingDir: z.string().optional(),
});

const makeRequest = z.strictObject({
  request: projectRequest,
  which: z.enum(['built', 'pulled', 'all']),
  services: z.array(z.string()),
  anew: z.strictObject({ noCache: z.boolean(), pull: z.boolean(), args: z.record(z.string(), z.string()) }).optional(),
});

const adoptRequest = z.strictObject({ request: projectRequest, by: z.string(), dryRun: z.boolean() });

/** Checks the body that asks for an adoption. Throws DAEMON_BAD_REQUEST. */
export function readAdoptRequest(body: unknown): AdoptRequest {
  return checked(adoptRequest, body) as AdoptRequest;
}

/** Checks the body that asks for a command. Throws DAEMON_BAD_REQUEST. */
export function readCommandRequest(body: unknown): Omit<CommandRequest, 'project'> {
  return checked(commandRequest, body) as Omit<CommandRequest, 'project'>;
}

/** Checks the body that asks for images. Throws DAEMON_BAD_REQUEST. */
export function readMakeRequest(body: unknown): MakeRequest {
  return checked(makeRequest, body) as MakeRequest;
}
