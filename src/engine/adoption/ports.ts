import { createHash } from 'node:crypto';
import { fail } from '#core/errors.ts';
import type { ProjectTraffic, PublishedPort } from '#model/traffic.ts';
import type { Diversion, FoundPort } from '#world/adoption.ts';
import type { Parts } from '../execute/context.ts';
import type { AdoptedService } from './survey.ts';

/** Where the proxy waits for a port that Docker still holds: below what the kernel gives to clients. */
const waitingFrom = 30_000;
const waitingCount = 2700;

/**
 * The published ports of each service, each with the port where the proxy waits for it while Docker holds the real one.
 *
 * @throws ADOPT_UDP, ADOPT_NO_FREE_PORT
 */
export async function publish(
  parts: Pick<Parts, 'world' | 'traffic'>,
  services: readonly AdoptedService[],
): Promise<Record<string, readonly PublishedPort[]>> {
  const taken = portsInUse(parts);
  const published: Record<string, readonly PublishedPort[]> = {};
  for (const { spec, published: ports } of services) {
    const chosen: PublishedPort[] = [];
    for (const one of ports) {
      if (one.protocol === 'udp') throw fail('ADOPT_UDP', { service: spec.name, port: one.port });
      const via = await waitingPort(parts, spec.name, one, taken);
      taken.add(via);
      const address = one.address === '0.0.0.0' ? undefined : one.address;
      chosen.push({ address, port: one.port, target: one.target, via });
    }
    published[spec.name] = chosen;
  }
  return published;
}

/** What the host must divert for this traffic. */
export function diversionsOf(traffic: ProjectTraffic, edgeAddress: string): readonly Diversion[] {
  return Object.values(traffic).flatMap(({ exposure }) =>
    exposure.published.flatMap(({ address = edgeAddress, port, via, moving }) =>
      via === undefined || moving === true ? [] : [{ address, port, via }],
    ),
  );
}

async function waitingPort(
  { world }: Pick<Parts, 'world'>,
  service: string,
  { address, port }: FoundPort,
  taken: ReadonlySet<number>,
): Promise<number> {
  const start = createHash('sha256').update(`${service}:${port}`).digest().readUInt16BE(0) % waitingCount;
  for (let step = 0; step < waitingCount; step += 1) {
    const candidate = waitingFrom + ((start + step) % waitingCount);
    if (taken.has(candidate)) continue;
    if ((await world.balancer.portHolder(address, candidate)) === undefined) return candidate;
  }
  throw fail('ADOPT_NO_FREE_PORT', { service, port });
}

function portsInUse({ traffic }: Pick<Parts, 'traffic'>): Set<number> {
  const all = Object.values(traffic.all()).flatMap((services) => Object.values(services));
  return new Set(all.flatMap(({ exposure }) => exposure.published.flatMap(({ port, via }) => [port, via ?? port])));
}
