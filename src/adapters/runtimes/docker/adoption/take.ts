import { fail } from '#core/errors.ts';
import type { Taking } from '#world/adoption.ts';
import type { ContainerInspected } from '../container/api.ts';
import { inspectContainer } from '../container/lookup.ts';
import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';
import { imageTag } from '../names.ts';
import type { Parts } from '../parts.ts';
import type { AdoptedState } from '../state/project-state.ts';
import { reachableNetwork } from './find.ts';

/**
 * Writes the containers into the project's state, tags their images as ours so that the release can be gone back to,
 * and leaves restarts to the supervisor. What they run is not touched.
 *
 * @throws ADOPT_CONTAINER_GONE
 */
export async function takeOver(parts: Parts, project: string, takings: readonly Taking[]): Promise<void> {
  const { engine, images, states } = parts;
  const adopted: Record<string, AdoptedState> = {};
  for (const { container, id, service, release, fingerprint, source } of takings) {
    const found = await inspectContainer(engine, container);
    if (found === undefined) throw fail('ADOPT_CONTAINER_GONE', { container: container.slice(0, 12) });
    await images.tagAs(found.Image, imageTag(project, source));
    const isOnHost = found.HostConfig.NetworkMode === 'host';
    adopted[id] = {
      ...{ container: found.Id, service, release, fingerprint, image: imageTag(project, source) },
      network: reachableNetwork(found),
      address: isOnHost ? '127.0.0.1' : undefined,
      restart: policyOf(found),
    };
  }
  await states.change(project, (state) => ({ ...state, adopted: { ...state.adopted, ...adopted } }));
  for (const { container } of takings) await setPolicy(engine, container, 'no');
}

/** They are Compose's again, with the restart policies that they had. */
export async function giveBack({ engine, states }: Parts, project: string): Promise<void> {
  const { adopted } = await states.read(project);
  for (const one of Object.values(adopted)) await setPolicy(engine, one.container, one.restart);
  await states.change(project, (state) => ({ ...state, adopted: {} }));
}

function policyOf({ HostConfig }: ContainerInspected): string {
  const { Name = 'no', MaximumRetryCount = 0 } = HostConfig.RestartPolicy ?? {};
  return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name || 'no';
}

async function setPolicy(engine: Engine, container: string, policy: string): Promise<void> {
  const [Name, retries = '0'] = policy.split(':');
  try {
    await engine.done({
      what: `set the restart policy of ${container.slice(0, 12)}`,
      method: 'POST',
      path: pathOf('containers', container, 'update'),
      body: { RestartPolicy: { Name, MaximumRetryCount: Number(retries) } },
    });
  } catch (error) {
    if (!wasRefused(error, 404)) throw error;
  }
}
