import { said } from '#core/messages/say.ts';
import type { Ask } from '../kind.ts';

/** The Compose healthcheck: exit code 0 is healthy. */
export const askCommand: Ask<'command'> = async ({ probe, timeoutMs, door }) => {
  const result = await door.exec(probe.command, timeoutMs);
  const facts = {
    command: probe.command.join(' '),
    code: result.code,
    output: result.output.trim().slice(-300),
    timedOut: result.timedOut,
  };
  return { ok: result.code === 0 && !result.timedOut, said: said('PROBE_COMMAND', facts) };
};
