import { said } from '#core/messages/say.ts';
import type { Ask } from '../kind.ts';

/** A connection to the port is enough. */
export const askTcp: Ask<'tcp'> = async ({ probe, address, timeoutMs, door }) => {
  const target = `${address}:${probe.port}`;
  const answer = await door.prober.tcp({ address, port: probe.port, timeoutMs });
  if (answer.kind === 'error')
    return { ok: false, said: said('PROBE_UNREACHABLE', { address: target, reason: answer.reason }) };
  return { ok: true, said: said('PROBE_CONNECTED', { address: target }) };
};
