import { said } from '#core/messages/say.ts';
import type { Ask } from '../kind.ts';

/** For workers without a port: still running after a while, counted from the last start. */
export const askRunning: Ask<'running'> = async ({ probe, instance, door }) => {
  const ranMs = instance.startedAt === undefined ? 0 : door.now() - instance.startedAt;
  const facts = { seconds: Math.floor(ranMs / 1000), wanted: probe.forMs / 1000 };
  return { ok: instance.state === 'running' && ranMs >= probe.forMs, said: said('PROBE_RUNNING', facts) };
};
