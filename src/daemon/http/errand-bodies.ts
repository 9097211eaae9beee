import { z } from 'zod';
import type { AdoptRequest, CommandRequest, MakeRequest } from '#engine/api.ts';
import type { Gesture, TerminalSize } from '#world/attendant.ts';
import { checked, projectRequest } from './bodies.ts';

const size = z.strictObject({ columns: z.number().int().positive(), rows: z.number().int().positive() });

const gesture = z.union([
  z.strictObject({ input: z.string() }),
  z.strictObject({ inputEnded: z.literal(true) }),
  z.strictObject({ resize: size }),
  z.strictObject({ signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) }),
]);

const commandRequest = z.strictObject({
  service: z.string().min(1),
  command: z.array(z.string()),
  timeoutMs: z.number().positive(),
  environment: z.record(z.string(), z.string()).optional(),
  user: z.string().optional(),
  workingDir: z.string().optional(),
  attended: z.strictObject({ terminal: size.optional() }).optional(),
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

/** A command as a client asks for it: told when it has ended, or `attended`, with its streams meanwhile. */
export interface CommandOrder extends Omit<CommandRequest, 'project'> {
  readonly attended?: { readonly terminal?: TerminalSize };
}

/** Checks the body that asks for a command. Throws DAEMON_BAD_REQUEST. */
export function readCommandOrder(body: unknown): CommandOrder {
  return checked(commandRequest, body) as CommandOrder;
}

/** Checks what a client says to a command that runs. Throws DAEMON_BAD_REQUEST. */
export function readGesture(line: unknown): Gesture {
  const said = checked(gesture, line);
  if ('input' in said) return { kind: 'input', bytes: Buffer.from(said.input, 'base64') };
  if ('resize' in said) return { kind: 'resize', size: said.resize };
  if ('signal' in said) return { kind: 'signal', signal: said.signal };
  return { kind: 'end-of-input' };
}

/** Checks the body that asks for images. Throws DAEMON_BAD_REQUEST. */
export function readMakeRequest(body: unknown): MakeRequest {
  return checked(makeRequest, body) as MakeRequest;
}
