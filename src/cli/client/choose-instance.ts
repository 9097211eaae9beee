import { fail } from '#core/errors.ts';
import type { WireStatus } from '#daemon/contract.ts';
import type { Context } from '../command.ts';
import { projectPath } from './choose-project.ts';

export type WireInstance = WireStatus['services'][number]['instances'][number];

/**
 * The instance that a command inside is meant for: the one with this id or container, or of a service one that is
 * healthy, of the newest release that serves. `index` counts them from 1.
 *
 * @throws SERVICE_UNKNOWN, ERRAND_NOTHING_RUNS
 */
export async function chooseInstance(
  { daemon }: Context,
  { project, wanted, index = 1 }: { readonly project: string; readonly wanted: string; readonly index?: number },
): Promise<WireInstance> {
  const status = await daemon.call<WireStatus>({ method: 'GET', path: projectPath(project, 'status') });
  const all = status.services.flatMap((service) => service.instances);
  const named = all.find((one) => one.id === wanted || isContainer(one, wanted));
  if (named !== undefined) return named;
  const service = status.services.find((one) => one.name === wanted);
  if (service === undefined) {
    const known = status.services.map((one) => one.name).join(', ');
    throw fail('SERVICE_UNKNOWN', { project, service: wanted, known });
  }
  const best = service.instances.toSorted((a, b) => rankOf(a, status) - rankOf(b, status))[index - 1];
  if (best === undefined || best.state === 'exited' || best.state === 'completed')
    throw fail('ERRAND_NOTHING_RUNS', { project, service: wanted });
  return best;
}

/** An id as Docker prints it, shortened or whole. */
function isContainer({ container }: WireInstance, wanted: string): boolean {
  return /^[0-9a-f]{12,64}$/.test(wanted) && container?.startsWith(wanted) === true;
}

const order: readonly WireInstance['state'][] = [
  ...(['healthy', 'unhealthy', 'starting', 'draining', 'warm', 'completed', 'exited'] as const),
];

function rankOf(instance: WireInstance, { release }: WireStatus): number {
  return order.indexOf(instance.state) * 2 + (instance.release === release ? 0 : 1);
}
