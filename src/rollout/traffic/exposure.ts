import { createHash } from 'node:crypto';
import { fail } from '#core/errors.ts';
import type { Port } from '#model/project.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Exposure, ProjectTraffic, PublishedPort } from '#model/traffic.ts';

/** Ports that Timonel chooses from where the file publishes a port without a number. */
const chosenFrom = 20_000;
const chosenCount = 10_000;

/**
 * What the outside sees of every service of `release`. A port published as a range, or without a number, keeps the
 * number it has; a new one gets the first that `taken` does not hold.
 *
 * @throws PORT_UDP: better refused than left out without a word
 */
export function exposuresOf(
  release: Release,
  baseline: ProjectTraffic,
  taken: ReadonlySet<number>,
): Record<string, Exposure> {
  const used = new Set(taken);
  return Object.fromEntries(
    Object.values(release.services).map((spec) => {
      const current = baseline[spec.name]?.exposure.published ?? [];
      const published = publishedPorts({ project: release.project, spec, current, used });
      return [spec.name, { routes: spec.routes, published }];
    }),
  );
}

interface Input {
  readonly project: string;
  readonly spec: ServiceSpec;
  readonly current: readonly PublishedPort[];
  /** Grows by every port that is chosen here. */
  readonly used: Set<number>;
}

function publishedPorts({ project, spec, current, used }: Input): PublishedPort[] {
  const free = [...current];
  return (spec.service.ports ?? []).map((port) => {
    if (port.protocol === 'udp') throw fail('PORT_UDP', { service: spec.name, port: port.target });
    const [first, count] = candidates(port, `${project}/${spec.name}:${port.target}`);
    const fits = (number: number) => number >= first && number < first + count;
    const kept = free.findIndex((one) => one.target === port.target && fits(one.port));
    // An adopted container may still hold the port: that stays as it is until it is gone.
    const { via, moving } = free[kept] ?? {};
    const number = free[kept]?.port ?? firstFree(first, count, used);
    if (kept >= 0) free.splice(kept, 1);
    used.add(number);
    return { address: port.host_ip, port: number, target: port.target, ...(via && { via }), ...(moving && { moving }) };
  });
}

function candidates(port: Port, seed: string): readonly [first: number, count: number] {
  if (port.published === undefined || port.published === '' || port.published === '0') {
    const offset = createHash('sha256').update(seed).digest().readUInt16BE(0) % (chosenCount / 2);
    return [chosenFrom + offset, chosenCount - offset];
  }
  const [first, last] = port.published.split('-').map(Number);
  return [first ?? 0, (last ?? first ?? 0) - (first ?? 0) + 1];
}

/** A fixed number is taken as it is: who else holds it is for the port check to say. */
function firstFree(first: number, count: number, used: ReadonlySet<number>): number {
  if (count === 1) return first;
  for (let number = first; number < first + count; number += 1) if (!used.has(number)) return number;
  return first;
}
