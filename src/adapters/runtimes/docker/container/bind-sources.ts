import { existsSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { Service } from '#model/project.ts';
import { bindSources } from './mounts-part.ts';

/**
 * Bind sources must exist: the engine would make an empty folder in place of a missing file, and the service would
 * start without its configuration.
 *
 * @throws DOCKER_BIND_MISSING
 */
export function demandBindSources(name: string, service: Service, directory: string): void {
  const missing = bindSources(service, directory).find((source) => !existsSync(source));
  if (missing !== undefined) throw fail('DOCKER_BIND_MISSING', { service: name, source: missing });
}
