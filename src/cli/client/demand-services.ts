import { fail } from '#core/errors.ts';
import type { WireStatus } from '#daemon/contract.ts';
import type { Context } from '../command.ts';
import { projectPath } from './choose-project.ts';

/**
 * Refuses names that are no service of what serves, so that a misspelt one is not taken for one that is silent.
 *
 * @throws SERVICE_UNKNOWN
 */
export async function demandServices({ daemon }: Context, project: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { services } = await daemon.call<WireStatus>({ method: 'GET', path: projectPath(project, 'status') });
  const known = services.map((one) => one.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw fail('SERVICE_UNKNOWN', { project, service: unknown, known: known.join(', ') });
}
