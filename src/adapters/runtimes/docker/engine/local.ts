import { existsSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { Engine } from './client.ts';

/** `GET /info`, as far as we read it. */
interface EngineInfo {
  readonly OSType?: string;
  readonly OperatingSystem?: string;
  readonly ServerVersion?: string;
  readonly DockerRootDir?: string;
  readonly SecurityOptions?: readonly string[] | null;
}

/**
 * Does the engine run containers on this very host, as root, and is it recent enough?
 *
 * @throws DOCKER_TOO_OLD, DOCKER_ELSEWHERE
 */
export async function demandLocal(engine: Engine): Promise<void> {
  const { api } = await engine.greeting();
  const info = await engine.json<EngineInfo>({ what: 'read the engine info', method: 'GET', path: '/info' });
  const version = info.ServerVersion ?? '?';
  if (api < '1.41') throw fail('DOCKER_TOO_OLD', { version });
  if ((info.SecurityOptions ?? []).some((option) => option.includes('name=rootless'))) {
    throw fail('DOCKER_ELSEWHERE', { system: 'rootless' });
  }
  const isHere = info.OSType === 'linux' && existsSync(info.DockerRootDir ?? '');
  if (!isHere) throw fail('DOCKER_ELSEWHERE', { system: info.OperatingSystem ?? info.OSType ?? '?' });
}
