import { reasonOf } from '#core/errors.ts';
import { said } from '#core/messages/say.ts';
import type { ObservedInstance } from '#model/instance.ts';
import type { Probe, ProbeKind } from '#model/spec.ts';
import type { Answer } from './health.ts';
import type { Ask, ProbeDoor } from './kind.ts';
import { askCommand } from './kinds/command.ts';
import { askHttp } from './kinds/http.ts';
import { askLog } from './kinds/log.ts';
import { askRunning } from './kinds/running.ts';
import { askTcp } from './kinds/tcp.ts';

const kinds: { readonly [K in ProbeKind['kind']]: Ask<K> } = {
  http: askHttp,
  tcp: askTcp,
  command: askCommand,
  log: askLog,
  running: askRunning,
};

/**
 * Asks `instance` once with its service's probe.
 *
 * @returns the answer; a question that could not be put is a bad answer that says why
 */
export async function askInstance(probe: Probe, instance: ObservedInstance, door: ProbeDoor): Promise<Answer> {
  const address = instance.address ?? '';
  try {
    const ask = kinds[probe.kind] as Ask<ProbeKind['kind']>;
    return await ask({ probe, timeoutMs: probe.timeoutMs, instance, address, door });
  } catch (error) {
    return { ok: false, said: said('PROBE_UNREACHABLE', { address: instance.id, reason: reasonOf(error) }) };
  }
}
