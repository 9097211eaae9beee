import type { ProjectTraffic, PublishedPort, ServiceTraffic } from '#model/traffic.ts';
import type { FoundPort } from '#world/adoption.ts';
import type { Parts } from '../execute/context.ts';
import { runtimesOf } from '../observe.ts';
import { diversionsOf } from './ports.ts';

type Change = (port: PublishedPort) => PublishedPort;

/**
 * Moves the proxy to the real number of every published port whose adopted container is gone by now. It listens on both
 * before connections are no longer diverted, and on the real one alone after that, so that none finds a closed door.
 * Called after each deployment and at the start; does nothing for a project that was never adopted.
 */
export async function settlePorts(
  { world, traffic }: Pick<Parts, 'world' | 'traffic'>,
  project: string,
): Promise<void> {
  if (!isWaiting(traffic.of(project))) return;
  const adoption = runtimesOf(world).find((runtime) => runtime.adoption !== undefined)?.adoption;
  if (adoption === undefined) return;
  const held = await adoption.heldPorts(project);
  const changeAll = async (change: Change): Promise<void> => {
    const changes = Object.keys(traffic.of(project)).map((service) => [
      service,
      (now: ServiceTraffic | undefined) => (now === undefined ? undefined : withPublished(now, change)),
    ]);
    await traffic.editAll(project, Object.fromEntries(changes));
  };
  await changeAll((port) => (port.via === undefined || isHeld(port, held) ? port : { ...port, moving: true }));
  await adoption.divert(project, diversionsOf(traffic.of(project), world.edge.address));
  await changeAll((port) => (port.moving === true ? arrived(port) : port));
}

function isWaiting(traffic: ProjectTraffic): boolean {
  return Object.values(traffic).some(({ exposure }) => exposure.published.some((one) => one.via !== undefined));
}

function withPublished(traffic: ServiceTraffic, change: Change): ServiceTraffic {
  return { ...traffic, exposure: { ...traffic.exposure, published: traffic.exposure.published.map(change) } };
}

function arrived({ via: _via, moving: _moving, ...real }: PublishedPort): PublishedPort {
  return real;
}

function isHeld({ port }: PublishedPort, held: readonly FoundPort[]): boolean {
  return held.some((one) => one.port === port && one.protocol === 'tcp');
}
