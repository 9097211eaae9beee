import { fail } from '#core/errors.ts';
import type { Engine } from './engine/client.ts';
import { demandLocal } from './engine/local.ts';
import { runHost } from './host/command.ts';

/**
 * Can the docker runtime work here? The engine must be this host's own and run as root, because the proxy reaches
 * containers over the host's bridges, and we put addresses on the host's interfaces.
 *
 * @throws the first reason why not, with its cure
 */
export async function demandReady(engine: Engine): Promise<void> {
  await engine.ping();
  if (process.getuid?.() !== 0) throw fail('DOCKER_NEEDS_ROOT', {});
  await demandLocal(engine);
  const ip = await runHost({ command: 'ip', args: ['-V'] });
  if (ip.code === undefined) throw fail('DOCKER_NEEDS_IPROUTE', {});
}
