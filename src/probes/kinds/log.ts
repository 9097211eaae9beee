import { said } from '#core/messages/say.ts';
import type { Ask } from '../kind.ts';

/** Ready once a line since the last start matches. */
export const askLog: Ask<'log'> = async ({ probe, door, instance }) => {
  const pattern = new RegExp(probe.pattern);
  for await (const line of door.logs()) {
    const current = instance.startedAt === undefined || line.time >= instance.startedAt;
    if (current && pattern.test(line.text))
      return { ok: true, said: said('PROBE_LOG_MATCHED', { line: line.text.slice(0, 300) }) };
  }
  return { ok: false, said: said('PROBE_LOG_WAITING', { pattern: probe.pattern }) };
};
