import { existsSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { Engine } from './engine/client.ts';
import { runHost } from './host/command.ts';

/** `GET /info`, as far as we read it. */
interface EngineInfo {
  readonly OSType?: string;
  readonly OperatingSystem?: string;
  readonly ServerVersion?: string;
  readonly DockerRootDir?: string;
  readonly SecurityOptions?: readonly string[] | null;
}

/**
 * Can the docker runtime work here? The engine must be this host's own and run as root, because the proxy reaches
 * containers over the host's bridges, and we put addresses on the host's interfaces.
 *
 * @throws the first reason why not, with its cure
 */
export async function demandReady(engine: Engine): Promise<void> {
  await engine.ping();
  const { api } = await engine.greeting();
  if (process.getuid?.() !== 0) throw fail('DOCKER_NEEDS_ROOT', {});
  const info = await engine.json<EngineInfo>({ what: 'read the engine info', method: 'GET', path: '/info' });
  const version = info.ServerVersion ?? '?';
  if (api < '1.41') throw fail('DOCKER_TOO_OLD', { version });
  if ((info.SecurityOptions ?? []).some((option) => option.includes('name=rootless'))) {
    throw fail('DOCKER_ELSEWHERE', { system: 'rootless' });
  }
  const isHere = info.OSType === 'linux' && existsSync(info.DockerRootDir ?? '');
  if (!isHere) throw fail('DOCKER_ELSEWHERE', { system: info.OperatingSystem ?? info.OSType ?? '?' });
  const ip = await runHost({ command: 'ip', args: ['-V'] });
  if (ip.code === undefined) throw fail('DOCKER_NEEDS_IPROUTE', {});
}
